using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Larkspur.Feishu;

/// <summary>One call on its way: address and body made once, a fresh HTTP request per try.</summary>
internal sealed class FeishuCall
{
    private readonly FeishuRequest _request;
    private readonly string _address;
    private readonly byte[]? _json;
    private readonly long[] _starts;
    private readonly string _appSecret;
    private string[]? _secrets;

    public FeishuCall(FeishuRequest request, FeishuOptions options, FeishuTokenKinds tokenKind, FeishuCallOptions? callOptions)
    {
        _request = request;
        TokenKind = tokenKind;
        CallOptions = callOptions;
        Trace = callOptions?.Trace ?? new FeishuCallTrace();
        Trace.Begin();
        Tenant = options.Kind == FeishuAppKind.Store ? callOptions?.TenantKey ?? "" : "";
        _appSecret = options.AppSecret;
        _address = FeishuAddress.Build(options, request);
        Files = (request.Body as FeishuForm)?.Files ?? [];
        foreach ((string field, FeishuFile file) in Files) Check(field, file, nameof(request));
        _starts = [.. Files.Select(f => f.Value.Content.CanSeek ? f.Value.Content.Position : -1)];
        if (request.Body is not null and not FeishuForm)
        {
            _json = JsonSerializer.SerializeToUtf8Bytes(request.Body, request.Body.GetType(), FeishuJson.Options);
        }
    }

    /// <summary>The last try may have reached the platform: false only when no connection was made.</summary>
    public bool Reached { get; set; }

    public FeishuEndpoint Endpoint => _request.Endpoint;

    public FeishuTokenKinds TokenKind { get; }

    public FeishuCallOptions? CallOptions { get; }

    public FeishuCallTrace Trace { get; }

    /// <summary>Store apps: the tenant; limits are counted per tenant.</summary>
    public string Tenant { get; }

    /// <summary>Token of the current try; known here so that it can be kept out of error texts.</summary>
    public string? Token { get; private set; }

    private IReadOnlyList<KeyValuePair<string, FeishuFile>> Files { get; }

    /// <summary>
    /// Repeating the call cannot do a thing twice: HTTP's idempotent methods (GET, HEAD, OPTIONS, PUT, DELETE), or a write under the platform's own key.
    /// A repeated DELETE may answer "not found" when the first one worked and its answer was lost.
    /// </summary>
    public bool IsRepeatable =>
        Endpoint.Method == HttpMethod.Get || Endpoint.Method == HttpMethod.Put || Endpoint.Method == HttpMethod.Delete
        || Endpoint.Method == HttpMethod.Head || Endpoint.Method == HttpMethod.Options
        || !string.IsNullOrEmpty(_request.IdempotencyKey) || SafeByNature;

    /// <summary>Token endpoints: a POST that makes nothing.</summary>
    public bool SafeByNature { get; init; }

    /// <summary>The call only reads, so no effect can be in doubt.</summary>
    public bool OnlyReads => SafeByNature || Endpoint.Method == HttpMethod.Get || Endpoint.Method == HttpMethod.Head || Endpoint.Method == HttpMethod.Options;

    /// <summary>The body can be sent again from its start.</summary>
    public bool CanRewind => !_starts.Contains(-1);

    public bool HasFiles => Files.Count > 0;

    public HttpRequestMessage CreateRequest(string? token)
    {
        Token = token;
        var message = new HttpRequestMessage(Endpoint.Method, _address) { Content = CreateContent() };
        if (token is not null) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        message.Headers.TryAddWithoutValidation("User-Agent", FeishuClient.UserAgent);
        foreach (KeyValuePair<string, string> header in _request.Headers) message.Headers.TryAddWithoutValidation(header.Key, header.Value);
        return message;
    }

    /// <summary>Takes the app's secret, the token in use and the secrets that were sent out of a text that came from outside.</summary>
    public string Redact(string text)
    {
        if (!string.IsNullOrEmpty(Token)) text = text.Replace(Token, "***", StringComparison.Ordinal);
        if (!string.IsNullOrEmpty(_appSecret)) text = text.Replace(_appSecret, "***", StringComparison.Ordinal);
        _secrets ??= _json is not null ? [.. SentSecrets.In(_json)] : _request.Body is FeishuForm form ? [.. SentSecrets.In(form)] : [];
        foreach (string secret in _secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }

    private static void Check(string field, FeishuFile file, string parameter)
    {
        if (string.IsNullOrWhiteSpace(file.FileName)) throw new ArgumentException($"The file of field {field} has no name.", parameter);
        if (file.ContentType is { } type && !MediaTypeHeaderValue.TryParse(type, out _))
        {
            throw new ArgumentException($"The file of field {field} has no media type but \"{type}\".", parameter);
        }
    }

    private HttpContent? CreateContent()
    {
        if (_json is not null)
        {
            var json = new ByteArrayContent(_json);
            json.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            return json;
        }

        if (_request.Body is not FeishuForm form) return null;
        if (!form.Multipart && form.Files.Count == 0) return new FormUrlEncodedContent(form.Fields);
        for (int i = 0; i < _starts.Length; i++)
        {
            if (_starts[i] >= 0) Files[i].Value.Content.Position = _starts[i];
        }

        return MultipartForm.Create(form.Fields, form.Files.Select(f => new MultipartFile(f.Key, f.Value.Content, f.Value.FileName, f.Value.ContentType)));
    }
}

/// <summary>What an answer's head says.</summary>
internal readonly record struct FeishuAnswerMeta(int Status, string? LogId, string? ContentType, TimeSpan? Reset, int? Limit)
{
    public static FeishuAnswerMeta Of(HttpResponseMessage response)
    {
        string? logId = Header(response, "X-Tt-Logid") ?? Header(response, "X-Request-Id") ?? Header(response, "Request-Id");
        TimeSpan? reset = double.TryParse(
            Header(response, "x-ogw-ratelimit-reset"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds) : null;
        int? limit = int.TryParse(Header(response, "x-ogw-ratelimit-limit"), NumberStyles.None, CultureInfo.InvariantCulture, out int ceiling) && ceiling > 0 ? ceiling : null;
        return new((int)response.StatusCode, logId, response.Content.Headers.ContentType?.MediaType, reset, limit);
    }

    private static string? Header(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}

/// <summary>Fills a path template and appends the query.</summary>
internal static class FeishuAddress
{
    public static string Build(FeishuOptions options, FeishuRequest request)
    {
        string path = request.Endpoint.Path;
        foreach ((string name, string value) in request.Path)
        {
            // "." and ".." would climb to another endpoint: no escaping stops an URI from doing that.
            if (value is "." or "..") throw new ArgumentException($"{request.Endpoint.Id}: path value {name} must not be \"{value}\".", nameof(request));
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        }

        int open = path.IndexOf('{', StringComparison.Ordinal);
        if (open >= 0)
        {
            throw new ArgumentException($"{request.Endpoint.Id}: no value for {path[open..(path.IndexOf('}', open) + 1)]} in {request.Endpoint.Path}.", nameof(request));
        }

        var address = new StringBuilder(FeishuHosts.Resolve(options, request.Endpoint.Host)).Append(path);
        char mark = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach ((string name, string value) in request.Query)
        {
            address.Append(mark).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            mark = '&';
        }

        return address.ToString();
    }
}
