# The Debian package in an image. Data is in the volume; settings are mounted over /etc/tote/tote.toml: outside of the
# container it can only be reached once they have `listen = "0.0.0.0:8080"` and a [[tenant]] with a token.
#
#   docker build -t tote . && docker run -v tote:/var/lib/tote -v ./tote.toml:/etc/tote/tote.toml:ro -p 8080:8080 tote
FROM debian:12 AS build
COPY . /src
RUN cd /src && ./dev package

FROM debian:12-slim
COPY --from=build /src/build/package/tote_*.deb /tmp/
RUN apt-get update && apt-get install -y --no-install-recommends /tmp/tote_*.deb \
  && rm -rf /tmp/tote_*.deb /var/lib/apt/lists/* \
  && install -d -o tote -g tote -m 0700 /var/lib/tote
USER tote
VOLUME /var/lib/tote
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["tote"]
CMD ["serve", "--config", "/etc/tote/tote.toml"]
