#include "daemon/net/send_gate.h"

namespace reeld {

void SendGate::attach(CurlEasy& easy, bool once) {
    once_ = once;
    easy.set(CURLOPT_PREREQFUNCTION, &SendGate::on_ready);
    easy.set(CURLOPT_PREREQDATA, this);
}

int SendGate::on_ready(void* self, char*, char*, int, int) noexcept {
    SendGate& gate = *static_cast<SendGate*>(self);
    if (gate.once_ && gate.opened_) return CURL_PREREQFUNC_ABORT;
    gate.opened_ = true;
    return CURL_PREREQFUNC_OK;
}

} // namespace reeld
