using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Larkspur.Gateway.Tests.Observation;

/// <summary>An OTLP collector, over HTTP or gRPC, that keeps spans and the names of metrics (opentelemetry-proto 1.x, trace.proto and metrics.proto).</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(bool grpc)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public string Address => _app.Urls.First();

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    public ConcurrentDictionary<string, bool> Metrics { get; } = new();

    /// <summary>Everything that was received, as text, to look for what must not be in it.</summary>
    public ConcurrentQueue<string> Raw { get; } = new();

    public static async Task<OtlpReceiver> StartAsync(bool grpc = false)
    {
        var receiver = new OtlpReceiver(grpc);
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var stream = new MemoryStream();
        await http.Request.Body.CopyToAsync(stream);
        var body = stream.ToArray();
        Raw.Enqueue(Encoding.UTF8.GetString(body));
        var path = http.Request.Path.Value!;
        // gRPC: one byte of compression and four of length before the message, the same after it, and the status as a trailer.
        var grpc = path.StartsWith("/opentelemetry.proto.collector.", StringComparison.Ordinal);
        if (grpc) body = body[5..];
        if (path is "/v1/traces" or "/opentelemetry.proto.collector.trace.v1.TraceService/Export") TakeTraces(body);
        else if (path is "/v1/metrics" or "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export") TakeMetrics(body);
        else http.Response.StatusCode = 404;
        http.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
        if (!grpc) return;
        await http.Response.Body.WriteAsync(new byte[5]);
        http.Response.AppendTrailer("grpc-status", "0");
    }

    private void TakeTraces(byte[] body)
    {
        foreach (var resource in WireField.Read(body).Where(f => f.Number == 1))
        {
            var service = resource.Fields.Where(f => f.Number == 1).SelectMany(r => Attributes(r.Fields, 1)).ToDictionary().GetValueOrDefault("service.name", "");
            foreach (var span in resource.Fields.Where(f => f.Number == 2).SelectMany(scope => scope.Fields).Where(f => f.Number == 2)) Spans.Enqueue(Span(span.Fields, service));
        }
    }

    private static ReceivedSpan Span(IReadOnlyList<WireField> fields, string service) => new(
        fields.First(f => f.Number == 1).Hex, fields.First(f => f.Number == 2).Hex, fields.FirstOrDefault(f => f.Number == 4).Hex,
        fields.First(f => f.Number == 5).Text, (int)fields.First(f => f.Number == 6).Scalar, Attributes(fields, 9).ToDictionary(), service);

    private void TakeMetrics(byte[] body)
    {
        var metrics = WireField.Read(body).Where(f => f.Number == 1).SelectMany(r => r.Fields).Where(f => f.Number == 2).SelectMany(s => s.Fields).Where(f => f.Number == 2);
        foreach (var metric in metrics) Metrics[metric.Fields.First(f => f.Number == 1).Text] = true;
    }

    private static IEnumerable<KeyValuePair<string, string>> Attributes(IReadOnlyList<WireField> fields, int number) => fields.Where(f => f.Number == number).Select(attribute =>
    {
        var value = attribute.Fields.First(f => f.Number == 2).Fields[0];
        return KeyValuePair.Create(attribute.Fields.First(f => f.Number == 1).Text, value.Number == 1 ? value.Text : value.Scalar.ToString());
    });
}

/// <summary>A span as it arrived; ids in hex, kind as in trace.proto (2 server, 3 client, 4 producer, 5 consumer).</summary>
internal sealed record ReceivedSpan(string Trace, string Id, string Parent, string Name, int Kind, IReadOnlyDictionary<string, string> Attributes, string Service);
