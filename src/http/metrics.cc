#include "http/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace http {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(const char* name, const char* help, MetricType type, std::uint64_t value) {
  prometheus::ClientMetric metric;
  if (type == MetricType::Counter)
    metric.counter.value = static_cast<double>(value);
  else
    metric.gauge.value = static_cast<double>(value);
  return {name, help, type, {metric}};
}

}  // namespace

std::string metrics_text(const Counters& counters, const std::vector<Figure>& more) {
  std::vector<MetricFamily> all = {
      family("http_connections", "Open connections", MetricType::Gauge, counters.connections),
      family("http_connections_total", "Connections accepted", MetricType::Counter,
             counters.connections_total),
      family("http_requests_in_flight", "Handlers running or waiting", MetricType::Gauge,
             counters.requests_in_flight),
      family("http_requests_total", "Requests answered", MetricType::Counter,
             counters.requests_total),
      family("http_responses_4xx_total", "Responses that refuse", MetricType::Counter,
             counters.responses_4xx_total),
      family("http_responses_5xx_total", "Responses that failed", MetricType::Counter,
             counters.responses_5xx_total),
      family("http_refused_total", "Connections and requests over a limit", MetricType::Counter,
             counters.refused_total),
      family("http_request_body_bytes_total", "Bytes of bodies received", MetricType::Counter,
             counters.request_body_bytes_total),
      family("http_response_body_bytes_total", "Bytes of bodies sent", MetricType::Counter,
             counters.response_body_bytes_total)};
  for (const Figure& figure : more)
    all.push_back(
        family(figure.name, figure.help,
               figure.kind == Figure::Kind::counter ? MetricType::Counter : MetricType::Gauge,
               figure.value));
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace http
