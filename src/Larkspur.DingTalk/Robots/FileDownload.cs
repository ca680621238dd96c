namespace Larkspur.DingTalk.Robots;

/// <summary>Copies a file from the platform's file store. It may take all the time it needs as long as bytes come; it may not be silent.</summary>
/// <param name="client">Whose transport, clock and patience.</param>
/// <param name="name">In errors, as an endpoint's id.</param>
internal sealed class FileDownload(DingTalkClient client, string name)
{
    private TimeSpan Silence => client.Options.DownloadSilence;

    /// <summary>The address that an answer names.</summary>
    /// <exception cref="DingTalkApiException">It names none.</exception>
    public static Uri Address(DingTalkClient client, string? told, string endpoint)
    {
        if (!Uri.TryCreate(told, UriKind.Absolute, out Uri? url) || !(url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)) throw DingTalkErrorReader.WrongShape(endpoint, "there is no address");
        bool plainAllowed = DingTalkHosts.Resolve(client.Options, DingTalkHost.Api).StartsWith("http:", StringComparison.Ordinal);
        // Addresses of the file store have been seen with http; it answers https as well.
        return url.Scheme == Uri.UriSchemeHttps || plainAllowed ? url : new UriBuilder(url) { Scheme = Uri.UriSchemeHttps, Port = url.IsDefaultPort ? -1 : url.Port }.Uri;
    }

    /// <returns>How many bytes.</returns>
    /// <exception cref="DingTalkApiException">Refused, or larger than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="PlatformNetworkException">No connection, a broken one, or a silent one.</exception>
    public async Task<long> CopyAsync(Uri url, Stream target, long maxBytes, CancellationToken cancellationToken)
    {
        var exchange = new HttpExchange(client.Http, "dingtalk", client.Clock);
        using HttpResponseMessage response = await exchange.SendAsync(name, new HttpRequestMessage(HttpMethod.Get, url), onlyReads: true, Silence, static (r, _) => Task.FromResult(r), keeps: static _ => true,
            cancellationToken: cancellationToken);
        int status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode)
        {
            throw new DingTalkApiException($"The file store answered with HTTP {status}.")
            {
                HttpStatus = status, Endpoint = name, NothingHappened = true, FailureKind = status >= 500 ? FailureKind.Transient : FailureKind.NotFound,
            };
        }

        await using Stream source = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[64 << 10];
        long total = 0;
        while (await ReadAsync(source, buffer, cancellationToken) is > 0 and var read)
        {
            total += read;
            if (total > maxBytes) throw new DingTalkApiException($"The file has more than {maxBytes} bytes.") { HttpStatus = status, Endpoint = name, FailureKind = FailureKind.Invalid };
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

    private PlatformNetworkException Lost(string problem, Exception inner, bool timedOut) => new("dingtalk", $"{name} broke off: {problem}.", effectUnknown: false, timedOut, inner) { Sent = true };
}
