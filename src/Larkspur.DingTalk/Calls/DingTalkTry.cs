using System.Text.Json;

namespace Larkspur.DingTalk;

/// <summary>One try of one call: sends it, and reads what came back into a result or an exception.</summary>
internal sealed class DingTalkTry(DingTalkOptions options, HttpClient http, DingTalkUsage usage, TimeProvider clock)
{
    private const int MaxAnswerMegabytes = 8;

    private readonly HttpExchange _exchange = new(http, "dingtalk", clock);

    public async Task<DingTalkResult> SendAsync(DingTalkCall call, string? token, CancellationToken cancellationToken)
    {
        bool counts = true;
        // Only where another try may follow does a slow one give way to it; an upload may take all the time there is.
        TimeSpan patience = call.IsRepeatable && !call.HasFile ? options.AttemptTimeout : Timeout.InfiniteTimeSpan;
        try
        {
            return await _exchange.SendAsync(call.Endpoint.Id, call.CreateRequest(token), call.Endpoint.Reads, patience, (response, ct) => ReadAsync(call, response, ct),
                (response, exception) => DingTalkErrorReader.TooLarge(call, (int)response.StatusCode, MaxAnswerMegabytes, exception), cancellationToken: cancellationToken);
        }
        catch (DingTalkApiException refused)
        {
            // Too fast, or nothing left: the platform does not count what it turns away at the door.
            counts = refused.FailureKind is not (FailureKind.RateLimited or FailureKind.Quota);
            throw;
        }
        catch (PlatformNetworkException lost)
        {
            counts = lost.Sent;
            throw;
        }
        finally
        {
            if (counts && call.Endpoint.IsCounted) usage.Count(call.Use, call.Endpoint.Id);
        }
    }

    private static async Task<DingTalkResult> ReadAsync(DingTalkCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync((long)MaxAnswerMegabytes << 20, cancellationToken);
        byte[] json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        int status = (int)response.StatusCode;
        // Some new calls have nothing to say.
        if (json.Length == 0 && response.IsSuccessStatusCode && call.Endpoint.Form == DingTalkForm.New) return new DingTalkResult("{}"u8.ToArray());
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, DingTalkJson.Strict);
        }
        catch (JsonException)
        {
            throw DingTalkErrorReader.NotJson(call, status, json);
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object && call.Endpoint.Form == DingTalkForm.Old) throw DingTalkErrorReader.NotJson(call, status, json);
            string? code = root.Text("errcode");
            // The body decides for old calls, whose failures come with HTTP 200; without its code it promises nothing.
            bool good = response.IsSuccessStatusCode && !DingTalkErrorReader.IsBan(root) && (call.Endpoint.Form == DingTalkForm.Old ? code == "0" : code is null or "0");
            return good ? new DingTalkResult(json) : throw DingTalkErrorReader.Read(call, status, root);
        }
    }
}

/// <summary>A good answer.</summary>
internal readonly record struct DingTalkResult(byte[] Json)
{
    public T Deserialize<T>(DingTalkEndpoint endpoint)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Json, DingTalkJson.Of(endpoint.Form)) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw DingTalkErrorReader.WrongShape(endpoint.Id, $"{typeof(T).Name} at {exception.Path ?? "$"}", exception);
        }
    }
}
