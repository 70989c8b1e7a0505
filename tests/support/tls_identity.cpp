#include "tests/support/tls_identity.h"

#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace reeld::test {

namespace {

constexpr long lifetime_s = 24 * 60 * 60;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

void add_extension(X509* certificate, int kind, const char* value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate self_signed(EVP_PKEY* key) {
    Certificate certificate{X509_new(), &X509_free};
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -lifetime_s);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), lifetime_s);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* const name = X509_get_subject_name(certificate.get());
    const auto* const text = reinterpret_cast<const unsigned char*>("test server");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
    if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) throw std::runtime_error("cannot sign");
    return certificate;
}

std::string to_pem(X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory{BIO_new(BIO_s_mem()), &BIO_free};
    PEM_write_bio_X509(memory.get(), certificate);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void* prefers) {
    static constexpr unsigned char names[] = "\x02h2\x08http/1.1";
    constexpr unsigned int h2_size = 3;
    const bool http2 = *static_cast<const TlsIdentity::Prefers*>(prefers) == TlsIdentity::Prefers::http2;
    const unsigned int skip = http2 ? 0 : h2_size;
    unsigned char* match = nullptr;
    if (SSL_select_next_proto(&match, size, names + skip, sizeof names - 1 - skip, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *chosen = match;
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

TlsIdentity::TlsIdentity(Prefers prefers) : prefers_{prefers}, context_{SSL_CTX_new(TLS_server_method())} {
    const Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free};
    const Certificate certificate = self_signed(key.get());
    certificate_pem_ = to_pem(certificate.get());
    if (SSL_CTX_use_certificate(context_, certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context_, key.get()) != 1)
        throw std::runtime_error("cannot use the certificate of the test");
    SSL_CTX_set_alpn_select_cb(context_, choose_protocol, &prefers_);
}

TlsIdentity::~TlsIdentity() {
    SSL_CTX_free(context_);
}

} // namespace reeld::test
