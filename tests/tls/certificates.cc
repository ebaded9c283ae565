#include "tests/tls/certificates.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace tests::tls {
namespace {

constexpr long day_s = 86'400;

template <class Write>
void write_file(const std::string& path, const Write& write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr || write(file) != 1 || std::fclose(file) != 0) throw std::runtime_error(path);
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void write_pair(const std::string& path, const std::string& key_path, X509* certificate, EVP_PKEY* key) {
  write_file(path, [&](std::FILE* file) { return PEM_write_X509(file, certificate); });
  write_file(key_path,
             [&](std::FILE* file) { return PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace

Authority::Certificate Authority::make(EVP_PKEY* key, const std::string& name) {
  static long serial = 1;
  Certificate made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -day_s);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 30 * day_s);
  X509_set_pubkey(made.get(), key);
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text, -1, -1, 0);
  return made;
}

Authority::Authority(std::string directory, const std::string& name)
    : directory_(std::move(directory)), path_(directory_ + "/" + name + ".pem"), key_(EVP_EC_gen("P-256")) {
  certificate_ = make(key_.get(), name);
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  add_extension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  if (X509_sign(certificate_.get(), key_.get(), EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
  write_pair(path_, directory_ + "/" + name + ".key", certificate_.get(), key_.get());
}

Authority::Files Authority::issue(const std::string& name, bool is_weak) const {
  const Key key(is_weak ? EVP_RSA_gen(1'024U) : EVP_EC_gen("P-256"));
  const Certificate made = make(key.get(), name);
  X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
  add_extension(made.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  if (X509_sign(made.get(), key_.get(), EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
  Files files{directory_ + "/" + name + ".pem", directory_ + "/" + name + ".key"};
  write_pair(files.certificate, files.key, made.get(), key.get());
  return files;
}

}  // namespace tests::tls
