using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Emulator.Dify;

/// <summary>
/// Pictures that apps have made, as Dify's tools make them: an answer tells of one by <c>message_file</c>, whose address is signed for five
/// minutes and asks for no key. Two are made for tests: one that is too large, and one that is none.
/// </summary>
internal sealed class DifyPictures(VirtualClock clock)
{
    /// <summary>Where they are; not below <c>/v1</c>.</summary>
    public const string Path = "/files/tools/{name}";

    /// <summary>11 MB.</summary>
    private const int Large = 11 << 20;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The address of a picture; what is an address already stays as it is.</summary>
    public string AddressOf(HttpRequest request, string name)
    {
        if (Uri.TryCreate(name, UriKind.Absolute, out _)) return name;
        var (timestamp, nonce) = (clock.GetUtcNow().ToUnixTimeSeconds(), Guid.NewGuid().ToString("N"));
        var sign = Sign(name, $"{timestamp}", nonce);
        return $"{request.Scheme}://{request.Host}/files/tools/{name}?timestamp={timestamp}&nonce={nonce}&sign={sign}";
    }

    /// <summary>Answers one.</summary>
    public async Task GiveAsync(HttpContext http)
    {
        var (name, query) = (http.Request.RouteValues["name"]?.ToString() ?? "", http.Request.Query);
        var (timestamp, nonce) = (query["timestamp"].ToString(), query["nonce"].ToString());
        var isInTime = long.TryParse(timestamp, out var at) && clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(at) <= Life;
        if (!isInTime || query["sign"] != Sign(name, timestamp, nonce)) throw new DifyRefusal(403, "forbidden", "Invalid request.");
        var bytes = Find(name) ?? throw DifyRefusal.NotFound("file is not found");
        http.Response.ContentType = "image/png";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static byte[]? Find(string name)
    {
        if (name == "not-a-picture.png") return "<!doctype html><title>Sign in</title>"u8.ToArray();
        var kept = name == "too-large.png" ? "spending-en.png" : name;
        using var stream = typeof(DifyPictures).Assembly.GetManifestResourceStream("dify/" + kept);
        if (stream is null || !kept.EndsWith(".png", StringComparison.Ordinal)) return null;
        // What stands behind a picture's end is nobody's business, and makes it as large as one likes.
        var bytes = new byte[name == kept ? stream.Length : Large];
        stream.ReadExactly(bytes.AsSpan(0, (int)stream.Length));
        return bytes;
    }

    private string Sign(string name, string timestamp, string nonce) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"file-preview|{name}|{timestamp}|{nonce}")));
}
