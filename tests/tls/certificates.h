// Throw-away certificates, as files.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace tests::tls {

// Keys of P-256; names are common names, and for a server "localhost" and 127.0.0.1 besides.
class Authority {
 public:
  Authority(std::string directory, const std::string& name);

  struct Files {
    std::string certificate, key;  // paths
  };
  // In the directory: NAME.pem and NAME.key, over what was there. A weak one has RSA of 1024 bits.
  Files issue(const std::string& name, bool is_weak = false) const;
  const std::string& certificate() const { return path_; }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Certificate = std::unique_ptr<X509, Free>;

  static Certificate make(EVP_PKEY* key, const std::string& name);

  std::string directory_, path_;
  Key key_;
  Certificate certificate_;
};

}  // namespace tests::tls
