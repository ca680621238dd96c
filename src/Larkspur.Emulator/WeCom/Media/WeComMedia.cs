using System.Diagnostics.CodeAnalysis;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Media;

/// <summary>A temporary file. Its bytes are in the state's store of files, under <see cref="Key"/>.</summary>
/// <param name="Scope">Who may use it: the corp, one group robot, the AI bot.</param>
internal sealed record WeComFile(string MediaId, string Key, string Kind, string Name, long Size, string Scope, DateTimeOffset Ends);

/// <summary>Temporary media, alive for three days of virtual time.</summary>
internal sealed class WeComMedia(EmulatorState state) : IResettableState
{
    public const string Corp = "corp";
    public const string AiBot = "aibot";
    public static readonly TimeSpan Life = TimeSpan.FromDays(3);
    private const int MostFiles = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, WeComFile> _files = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];

    /// <summary>Keeps bytes under the rules of a kind.</summary>
    /// <exception cref="WeComRefusal">They break them.</exception>
    public WeComFile Upload(string kind, string? name, byte[] bytes, string scope)
    {
        MediaRules.Check(kind, name, bytes);
        return Keep(kind, name!, bytes, scope);
    }

    /// <summary>Keeps bytes that no rule holds for, such as a person's own.</summary>
    public WeComFile Keep(string kind, string name, byte[] bytes, string scope)
    {
        var key = Store(kind, name, bytes);
        var file = new WeComFile(state.Ids.Next("3") + state.Ids.Next(""), key, kind, name, bytes.Length, scope, state.Clock.GetUtcNow() + Life);
        lock (_gate)
        {
            _files[file.MediaId] = file;
            _order.Enqueue(file.MediaId);
            if (_order.Count > MostFiles) _files.Remove(_order.Dequeue());
        }

        return file;
    }

    /// <summary>Keeps bytes without an end; the state forgets the oldest when it has too many.</summary>
    /// <returns>Their key in the state's store.</returns>
    public string Store(string kind, string name, byte[] bytes)
    {
        var key = state.Ids.Next("wf_");
        state.Put(new StoredFile { Key = key, IsImage = kind == "image" && MediaRules.IsImage(bytes), Name = name, Type = kind, ContentType = MediaRules.ContentType(kind, bytes), Bytes = bytes, OwnerId = "wecom" });
        return key;
    }

    /// <param name="kind">What it must be; <see langword="null"/>: anything.</param>
    /// <param name="scope">Who asks.</param>
    public bool Has(string? mediaId, string? kind, string scope, [NotNullWhen(true)] out WeComFile? file)
    {
        lock (_gate) file = mediaId is null ? null : _files.GetValueOrDefault(mediaId);
        if (file is null || file.Ends <= state.Clock.GetUtcNow() || file.Scope != scope || (kind is not null && file.Kind != kind)) file = null;
        return file is not null;
    }

    public StoredFile? Bytes(WeComFile file) => state.File(file.Key);

    public void Reset()
    {
        lock (_gate)
        {
            _files.Clear();
            _order.Clear();
        }
    }
}
