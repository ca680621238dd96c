using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>What people send to the AI bot as files: an address that is good for five minutes, its bytes encrypted.</summary>
internal sealed class BotFiles(EmulatorState state, WeComCorp corp, WeComIds ids) : IWeComArea, IResettableState
{
    public const string Path = "/cgi-bin/aibot/file";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private const int MostKept = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string File, byte[] Key, DateTimeOffset Ends)> _links = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    public void Register(WeComHandlers on) => on.Get(Path, Get, WeComGuard.Own);

    public void Reset()
    {
        lock (_gate)
        {
            _links.Clear();
            _order.Clear();
        }
    }

    /// <param name="file">Key in the state's store.</param>
    /// <param name="overCallback">The address's EncodingAESKey opens it; over the socket each file has a key of its own.</param>
    /// <returns>The address, and the file's own key in base64.</returns>
    public (string Url, string? AesKey) Link(string file, bool overCallback)
    {
        var key = overCallback ? CallbackCrypt.Key(corp.BotAesKey) : ids.Bytes(32);
        var code = ids.Code();
        lock (_gate)
        {
            _links[code] = (file, key, state.Clock.GetUtcNow() + Life);
            _order.Enqueue(code);
            if (_order.Count > MostKept) _links.Remove(_order.Dequeue());
        }

        return ($"{corp.OwnAddress}{Path}?code={code}", overCallback ? null : Convert.ToBase64String(key));
    }

    private ApiAnswer Get(WeComCall call)
    {
        (string File, byte[] Key, DateTimeOffset Ends) link;
        lock (_gate)
        {
            if (!_links.TryGetValue(call.Asked("code"), out link) || link.Ends <= state.Clock.GetUtcNow()) throw new WeComRefusal(40007, "the address is unknown or too old", StatusCodes.Status404NotFound);
        }

        var file = state.File(link.File) ?? throw new WeComRefusal(40007, "the file is gone", StatusCodes.Status404NotFound);
        return new ApiAnswer { Bytes = CallbackCrypt.Seal(file.Bytes.Span, link.Key), ContentType = "application/octet-stream", FileName = file.Name };
    }
}
