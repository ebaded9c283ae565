// Where a webhook may go. Its url is a user's word, and a user mustn't reach through this program what only this
// machine or its network can: so addresses are looked at when they are connected to, whatever a name resolves to then.
#pragma once

#include <sys/socket.h>

#include <string>

namespace tote::webhooks {

// Globally routable, and nothing else. IPv6 addresses with an IPv4 one inside are judged by that one, too.
bool is_public(const sockaddr& address);

// What is wrong with an endpoint's url; empty: nothing. https, and http only when private addresses are allowed; no
// user or password, which belong into no log, and no fragment, which is never sent. Repeats nothing of the url.
std::string problem_of_url(const std::string& url, bool allow_private);

// Its scheme, host and port, for the log: in everything else there may be secrets.
std::string shown_url(const std::string& url);

}  // namespace tote::webhooks
