namespace Larkspur.DingTalk.Robots;

/// <summary>Copies a file from the platform's file store. It may take all the time it needs as long as bytes come; it may not be silent.</summary>
internal sealed class FileDownload(DingTalkClient client)
{
    private const string Name = "robot.file.content";

    private TimeSpan Silence => client.Options.DownloadSilence;

    /// <returns>How many bytes.</returns>
    /// <exception cref="DingTalkApiException">Refused, or larger than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="PlatformNetworkException">No connection, a broken one, or a silent one.</exception>
    public async Task<long> CopyAsync(Uri url, Stream target, long maxBytes, CancellationToken cancellationToken)
    {
        var exchange = new HttpExchange(client.Http, "dingtalk", client.Clock);
        using HttpResponseMessage response = await exchange.SendAsync(Name, new HttpRequestMessage(HttpMethod.Get, url), onlyReads: true, Silence, static (r, _) => Task.FromResult(r), keeps: static _ => true,
            cancellationToken: cancellationToken);
        int status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode)
        {
            throw new DingTalkApiException($"The file store answered with HTTP {status}.")
            {
                HttpStatus = status, Endpoint = Name, NothingHappened = true, FailureKind = status >= 500 ? FailureKind.Transient : FailureKind.NotFound,
            };
        }

        await using Stream source = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[64 << 10];
        long total = 0;
        while (await ReadAsync(source, buffer, cancellationToken) is > 0 and var read)
        {
            total += read;
            if (total > maxBytes) throw new DingTalkApiException($"The file has more than {maxBytes} bytes.") { HttpStatus = status, Endpoint = Name, FailureKind = FailureKind.Invalid };
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return total;
    }

    private async Task<int> ReadAsync(Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(Silence, client.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            return await source.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Lost($"nothing came for {Silence}", exception, timedOut: true);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw Lost("the connection broke", exception, timedOut: false);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            // What gzip and Brotli streams throw for bytes that were never compressed.
            throw Lost("its body cannot be decompressed", exception, timedOut: false);
        }
    }

    private static PlatformNetworkException Lost(string problem, Exception inner, bool timedOut) => new("dingtalk", $"{Name} broke off: {problem}.", effectUnknown: false, timedOut, inner) { Sent = true };
}
