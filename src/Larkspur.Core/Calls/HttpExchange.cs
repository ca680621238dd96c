namespace Larkspur;

/// <summary>One request and its answer over HTTP; whatever the transport does wrong becomes a <see cref="PlatformNetworkException"/> that says whether there may be an effect.</summary>
/// <param name="http">The transport.</param>
/// <param name="platform">Which platform: <c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>.</param>
/// <param name="clock">Source of time.</param>
public sealed class HttpExchange(HttpClient http, string platform, TimeProvider clock)
{
    /// <summary>Sends <paramref name="message"/> and hands the answer to <paramref name="read"/> as soon as its head is there.</summary>
    /// <param name="name">The call in error texts.</param>
    /// <param name="message">The request; disposed of at the end.</param>
    /// <param name="onlyReads">No effect can be in doubt.</param>
    /// <param name="patience">Time for this try; <see cref="Timeout.InfiniteTimeSpan"/>: only the caller's.</param>
    /// <param name="read">Reads the answer, which is disposed of afterwards unless <paramref name="keeps"/> says that the result owns it.</param>
    /// <param name="tooLarge">Makes the exception for an answer larger than the buffer that <paramref name="read"/> allowed; null: it counts as a broken connection.</param>
    /// <param name="keeps">Whether the result owns the answer (a download).</param>
    /// <param name="cancellationToken">The caller's own.</param>
    /// <exception cref="PlatformNetworkException">No connection, a broken one, none in time, or a body that cannot be decompressed.</exception>
    public async Task<T> SendAsync<T>(string name, HttpRequestMessage message, bool onlyReads, TimeSpan patience, Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        Func<HttpResponseMessage, Exception, Exception>? tooLarge = null, Func<T, bool>? keeps = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(read);
        using HttpRequestMessage request = message;
        using var time = new CancellationTokenSource(patience, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        HttpResponseMessage? response = null;
        bool keep = false;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            T result = await read(response, linked.Token);
            keep = keeps?.Invoke(result) == true;
            return result;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Neither the try's time nor HttpClient's own ended it: it is the transport's time for making a connection.
            bool connecting = !linked.IsCancellationRequested && http.Timeout == Timeout.InfiniteTimeSpan && exception.InnerException is TimeoutException;
            throw Lost(connecting ? "no connection was made in time" : "the try took too long", exception, sent: !connecting, timedOut: true);
        }
        catch (HttpRequestException exception) when (response is not null && tooLarge is not null && exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw tooLarge(response, exception);
        }
        catch (HttpRequestException exception)
        {
            bool sent = exception.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            throw Lost(exception.HttpRequestError.ToString(), exception, sent, timedOut: false);
        }
        catch (IOException exception)
        {
            throw Lost("the connection broke", exception, sent: true, timedOut: false);
        }
        catch (Exception exception) when (response is not null && exception is InvalidDataException or InvalidOperationException)
        {
            // What gzip and Brotli streams throw for bytes that were never compressed.
            throw Lost("its body cannot be decompressed", exception, sent: true, timedOut: false);
        }
        finally
        {
            if (!keep) response?.Dispose();
        }

        PlatformNetworkException Lost(string problem, Exception inner, bool sent, bool timedOut) =>
            new(platform, $"{name} had no answer: {problem}.", effectUnknown: sent && !onlyReads, timedOut, inner) { Sent = sent };
    }
}
