using System.Net.Http.Headers;
using System.Text.Json;

namespace Larkspur.DingTalk;

/// <summary>One call on its way: body made once, a fresh HTTP request per try.</summary>
internal sealed class DingTalkCall
{
    private const string TokenHeader = "x-acs-dingtalk-access-token";
    private const int ShortestSecret = 6;

    private readonly Func<string> _address;
    private readonly byte[]? _json;
    private readonly DingTalkUpload? _upload;
    private readonly long _start = -1;
    private readonly string? _idempotencyKey;
    private readonly List<string> _secrets;
    private string? _token;

    /// <summary>Prepares a call.</summary>
    /// <param name="endpoint">What is called.</param>
    /// <param name="address">Its address without the app's token; made anew for each try, because a signature has a time in it.</param>
    /// <param name="body">The body, or null.</param>
    /// <param name="idempotencyKey">Makes a write repeatable.</param>
    /// <param name="secrets">What no text may show.</param>
    public DingTalkCall(DingTalkEndpoint endpoint, Func<string> address, object? body, string? idempotencyKey, IEnumerable<string?> secrets)
    {
        (Endpoint, _address, _idempotencyKey) = (endpoint, address, idempotencyKey);
        _secrets = [.. secrets.OfType<string>().Where(s => s.Length >= ShortestSecret)];
        if (body is DingTalkUpload upload)
        {
            if (string.IsNullOrWhiteSpace(upload.File.FileName)) throw new ArgumentException("The file has no name; the platform knows its format by the extension.", nameof(body));
            if (upload.File.ContentType is { } type && !MediaTypeHeaderValue.TryParse(type, out _)) throw new ArgumentException($"\"{type}\" is no media type.", nameof(body));
            _upload = upload;
            _start = upload.File.Content.CanSeek ? upload.File.Content.Position : -1;
        }
        else if (body is not null)
        {
            _json = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), DingTalkJson.Of(endpoint.Form));
        }
    }

    public DingTalkEndpoint Endpoint { get; }

    public DingTalkCallOptions? Options { get; init; }

    /// <summary>What the call is paced by; null: the app's limit of the API.</summary>
    public (string Key, RateLimit Limit)? Budget { get; init; }

    /// <summary>What it counts as.</summary>
    public DingTalkUseKind Use { get; init; } = DingTalkUseKind.Call;

    /// <summary>Repeating the call cannot do a thing twice: it reads, replaces (PUT), or is under the platform's own key.</summary>
    public bool IsRepeatable => Endpoint.Reads || Endpoint.Method == HttpMethod.Put || !string.IsNullOrEmpty(_idempotencyKey);

    public bool CanRewind => _upload is null || _start >= 0;

    public bool HasFile => _upload is not null;

    public string? Token => _token;

    public HttpRequestMessage CreateRequest(string? token)
    {
        _token = token;
        string address = _address();
        if (token is not null && Endpoint.Form == DingTalkForm.Old)
            address += $"{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}access_token={Uri.EscapeDataString(token)}";
        var message = new HttpRequestMessage(Endpoint.Method, address) { Content = CreateContent() };
        if (token is not null && Endpoint.Form == DingTalkForm.New) message.Headers.TryAddWithoutValidation(TokenHeader, token);
        // Without it some of the platform's doors answer in XML.
        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        message.Headers.TryAddWithoutValidation("User-Agent", DingTalkClient.UserAgent);
        return message;
    }

    /// <summary>Takes secrets and the token in use out of a text that came from outside.</summary>
    public string Redact(string text)
    {
        if (!string.IsNullOrEmpty(_token)) text = text.Replace(_token, "***", StringComparison.Ordinal);
        foreach (string secret in _secrets) text = text.Replace(secret, "***", StringComparison.Ordinal);
        return text;
    }

    private HttpContent? CreateContent()
    {
        if (_json is not null)
        {
            var json = new ByteArrayContent(_json);
            json.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            return json;
        }

        if (_upload is null) return null;
        if (_start >= 0) _upload.File.Content.Position = _start;
        return MultipartForm.Create(_upload.Fields, [new MultipartFile(_upload.Field, _upload.File.Content, _upload.File.FileName, _upload.File.ContentType)]);
    }
}
