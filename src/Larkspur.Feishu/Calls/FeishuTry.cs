using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu;

/// <summary>One try of one call: sends it, and reads what came back into a result or an exception.</summary>
internal sealed class FeishuTry(FeishuOptions options, HttpClient http, TimeProvider clock, IFeishuCallObserver? observer, ILogger logger)
{
    /// <summary>Largest JSON answer read, after decompression. Files are streamed and have no such bound.</summary>
    private const int MaxAnswerMegabytes = 32;

    private readonly FeishuErrorReader _errors = new(options);
    private readonly HttpExchange _exchange = new(http, "feishu", clock);

    public async Task<T> SendAsync<T>(
        FeishuCall call, string? token, Func<FeishuCall, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var outcome = FeishuRequestOutcome.Unanswered;
        int code = 0;
        call.Reached = false;
        try
        {
            T result = await ExchangeAsync(call, token, read, cancellationToken);
            outcome = FeishuRequestOutcome.Done;
            return result;
        }
        catch (FeishuApiException refused)
        {
            outcome = FeishuRequestOutcome.Refused;
            code = refused.Code;
            throw;
        }
        finally
        {
            if (call.Reached) Report(call, outcome, code);
        }
    }

    private async Task<T> ExchangeAsync<T>(
        FeishuCall call, string? token, Func<FeishuCall, HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        // Only where another try may follow does a slow one give way to it; an upload may take all the time there is.
        bool bounded = call.IsRepeatable && !call.HasFiles && call.Endpoint.Answer != FeishuAnswer.Binary;
        HttpRequestMessage message = call.CreateRequest(token);
        call.Trace.Sent();
        call.Reached = true;
        try
        {
            return await _exchange.SendAsync(call.Endpoint.Id, message, call.OnlyReads, bounded ? options.AttemptTimeout : Timeout.InfiniteTimeSpan,
                (response, token) =>
                {
                    FeishuAnswerMeta meta = FeishuAnswerMeta.Of(response);
                    call.Trace.Answered(meta.Status, meta.LogId);
                    return read(call, response, token);
                },
                (response, exception) => FeishuErrorReader.TooLarge(call, FeishuAnswerMeta.Of(response), MaxAnswerMegabytes, exception),
                static result => result is FeishuDownload, cancellationToken);
        }
        catch (FeishuApiException refused)
        {
            call.Trace.Refused(refused.LogId);
            throw;
        }
        catch (PlatformNetworkException lost)
        {
            call.Reached = lost.Sent;
            throw;
        }
    }

    public async Task<FeishuResult> ReadJsonAsync(FeishuCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync((long)MaxAnswerMegabytes << 20, cancellationToken);
        byte[] json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        FeishuAnswerMeta meta = FeishuAnswerMeta.Of(response);
        if (!FeishuAnswerBody.TryRead(json, out FeishuAnswerBody body)) throw FeishuErrorReader.NotJson(call, meta, json);

        // The body decides: old APIs report failures with HTTP 200. A bare envelope without a code counts only where none is promised.
        bool promised = call.Endpoint.Answer == FeishuAnswer.Flat || body.Code is not null || body.HasData;
        if (body.SaysNo || !response.IsSuccessStatusCode) throw _errors.Read(call, meta, json, body);
        if (!promised) throw FeishuErrorReader.NotJson(call, meta, json);
        return new FeishuResult(json, call.Endpoint.Answer == FeishuAnswer.Flat ? Range.All : body.Data, meta.LogId);
    }

    public async Task<FeishuDownload> ReadFileAsync(FeishuCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        System.Net.Http.Headers.HttpContentHeaders headers = response.Content.Headers;
        bool json = string.Equals(headers.ContentType?.MediaType, "application/json", StringComparison.OrdinalIgnoreCase) && headers.ContentDisposition is null;
        if (!response.IsSuccessStatusCode || json)
        {
            await response.Content.LoadIntoBufferAsync((long)MaxAnswerMegabytes << 20, cancellationToken);
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            FeishuAnswerMeta meta = FeishuAnswerMeta.Of(response);
            if (!FeishuAnswerBody.TryRead(bytes, out FeishuAnswerBody body))
            {
                if (!response.IsSuccessStatusCode) throw FeishuErrorReader.NotJson(call, meta, bytes);
            }
            else if (body.SaysNo || !response.IsSuccessStatusCode)
            {
                throw _errors.Read(call, meta, bytes, body);
            }
        }

        string? name = headers.ContentDisposition?.FileNameStar ?? headers.ContentDisposition?.FileName?.Trim('"');
        Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new FeishuDownload(content, headers.ContentType?.ToString(), name, headers.ContentLength, response);
    }

    private void Report(FeishuCall call, FeishuRequestOutcome outcome, int code)
    {
        if (observer is null) return;
        try
        {
            observer.OnRequest(new(options.AppId, call.Tenant, call.Endpoint.Id, outcome, code, call.Trace.HttpStatus, call.SafeByNature));
        }
        catch (Exception exception)
        {
            // Bookkeeping that fails must not turn a message that was sent into one that was not.
            FeishuLog.ObserverFailed(logger, call.Endpoint.Id, exception);
        }
    }
}

/// <summary>A good answer: its bytes, and where in them the result stands.</summary>
internal readonly record struct FeishuResult(byte[] Json, Range Result, string? LogId)
{
    public T Deserialize<T>(FeishuEndpoint endpoint)
    {
        ReadOnlySpan<byte> result = Result.Equals(default) ? "{}"u8 : Json.AsSpan()[Result];
        try
        {
            return JsonSerializer.Deserialize<T>(result, FeishuJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new FeishuApiException(
                $"{endpoint.Id} succeeded, but its answer does not have the shape of {typeof(T).Name}: {exception.Path ?? "$"} (log id {LogId ?? "none"}).", exception)
            {
                LogId = LogId,
                Endpoint = endpoint.Id,
                HttpStatus = 200,
            };
        }
    }
}
