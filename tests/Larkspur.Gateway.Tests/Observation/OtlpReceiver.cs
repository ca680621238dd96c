using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Gateway.Tests.Observation;

/// <summary>An OTLP/HTTP collector that keeps spans and the names of metrics (opentelemetry-proto 1.x, trace.proto and metrics.proto).</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public string Address => _app.Urls.First();

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    public ConcurrentDictionary<string, bool> Metrics { get; } = new();

    /// <summary>Everything that was received, as text, to look for what must not be in it.</summary>
    public ConcurrentQueue<string> Raw { get; } = new();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Raw.Enqueue(Encoding.UTF8.GetString(body.ToArray()));
        if (http.Request.Path == "/v1/traces") TakeTraces(body.ToArray());
        else if (http.Request.Path == "/v1/metrics") TakeMetrics(body.ToArray());
        else http.Response.StatusCode = 404;
        http.Response.ContentType = "application/x-protobuf";
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
