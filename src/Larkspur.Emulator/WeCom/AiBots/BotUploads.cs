using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Media;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>Files over the long connection, in pieces.</summary>
internal sealed class BotUploads(EmulatorState state, WeComMedia media, WeComLimits limits) : IResettableState
{
    public const int MostChunks = 100;
    public const int LargestChunk = 512 * 1024;
    public const int PerMinute = 30;
    public const int PerHour = 1000;
    private const int MostOpen = 8;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Upload> _open = new(StringComparer.Ordinal);

    /// <exception cref="WeComRefusal">45009 too often, 40005 kind, 40006 size, 40058.</exception>
    public JsonObject Begin(JsonObject body)
    {
        if (!limits.TryTake("aibot/upload", PerMinute, WeComLimits.Minute) || !limits.TryTake("aibot/upload", PerHour, WeComLimits.Hour)) throw WeComRefusal.TooFast();
        var kind = WeComJson.Text(body, "type") ?? "";
        if (!MediaRules.IsKind(kind)) throw new WeComRefusal(40005, "invalid type parameter");
        var (size, chunks) = (WeComJson.Number(body, "total_size") ?? 0, WeComJson.Number(body, "total_chunks") ?? 0);
        if (size <= MediaRules.Least || size > MediaRules.Most(kind)) throw new WeComRefusal(40006, "invalid media size");
        if (chunks is < 1 or > MostChunks || chunks * LargestChunk < size) throw WeComRefusal.Parameter("total_chunks");
        var name = WeComJson.Text(body, "filename") is { Length: > 0 } given ? given : throw WeComRefusal.Parameter("missing filename");
        var upload = new Upload(kind, name, (int)size, (int)chunks, WeComJson.Text(body, "md5"), state.Clock.GetUtcNow() + Life);
        var id = state.Ids.Next("up");
        lock (_gate)
        {
            foreach (var old in _open.Where(u => u.Value.Ends <= state.Clock.GetUtcNow()).Select(u => u.Key).ToArray()) _open.Remove(old);
            if (_open.Count >= MostOpen) throw WeComRefusal.TooFast("too many unfinished uploads");
            _open[id] = upload;
        }

        return new JsonObject { ["upload_id"] = id };
    }

    /// <remarks>The reference counts pieces from 1, the official client from 0: both are taken. All of one upload count alike.</remarks>
    /// <exception cref="WeComRefusal">40058.</exception>
    public void Chunk(JsonObject body)
    {
        var index = WeComJson.Number(body, "chunk_index") ?? throw WeComRefusal.Parameter("missing chunk_index");
        var base64 = WeComJson.Text(body, "base64_data") ?? "";
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length is 0 or > LargestChunk) throw WeComRefusal.Parameter("base64_data holds 1 to 524288 bytes");
        lock (_gate)
        {
            var upload = Find(body);
            if (index < 0 || index > upload.Chunks || (index == upload.Chunks && upload.FromZero)) throw WeComRefusal.Parameter("chunk_index");
            if (upload.Received.Where(c => c.Key != index).Sum(c => c.Value.Length) + length > upload.Size) throw new WeComRefusal(40006, "invalid media size");
            upload.FromZero |= index == 0;
            upload.Received[(int)index] = bytes[..length];
        }
    }

    /// <exception cref="WeComRefusal">40058 pieces are missing, 40006 size, 301019 md5, and what the kind's rules say.</exception>
    public JsonObject Finish(JsonObject body)
    {
        Upload upload;
        lock (_gate)
        {
            upload = Find(body);
            _open.Remove(WeComJson.Text(body, "upload_id")!);
        }

        if (upload.Received.Count != upload.Chunks) throw WeComRefusal.Parameter("pieces are missing");
        var bytes = upload.Received.OrderBy(c => c.Key).SelectMany(c => c.Value).ToArray();
        if (bytes.Length != upload.Size) throw new WeComRefusal(40006, "invalid media size");
#pragma warning disable CA5351 // The platform wants MD5 against damage on the way, not against attacks.
        if (upload.Md5 is { Length: > 0 } md5 && !md5.Equals(Convert.ToHexStringLower(MD5.HashData(bytes)), StringComparison.OrdinalIgnoreCase)) throw new WeComRefusal(301019, "invalid media md5");
#pragma warning restore CA5351
        var file = media.Upload(upload.Kind, upload.Name, bytes, WeComMedia.AiBot);
        return new JsonObject { ["type"] = file.Kind, ["media_id"] = file.MediaId, ["created_at"] = state.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) };
    }

    public void Reset()
    {
        lock (_gate) _open.Clear();
    }

    private Upload Find(JsonObject body) =>
        _open.TryGetValue(WeComJson.Text(body, "upload_id") ?? "", out var upload) && upload.Ends > state.Clock.GetUtcNow() ? upload : throw WeComRefusal.Parameter("upload_id is unknown or too old");

    private sealed record Upload(string Kind, string Name, int Size, int Chunks, string? Md5, DateTimeOffset Ends)
    {
        public Dictionary<int, byte[]> Received { get; } = [];
        public bool FromZero { get; set; }
    }
}
