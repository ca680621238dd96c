using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Emulator.Web.Cards;

namespace Larkspur.Emulator.Web;

/// <summary>Style sheets, script and icon out of the assembly, plus the generated sheet of card lengths and colours.</summary>
internal sealed class EmbeddedAssets
{
    private const string Prefix = "web/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".svg"] = "image/svg+xml",
    };

    private readonly FrozenDictionary<string, Asset> _assets;

    public EmbeddedAssets()
    {
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal) { ["scale.css"] = Make("scale.css", Encoding.UTF8.GetBytes(ScaleSheet())) };
        var assembly = typeof(EmbeddedAssets).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(static n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            var name = resource[Prefix.Length..];
            assets[name] = Make(name, bytes.ToArray());
        }

        _assets = assets.ToFrozenDictionary(StringComparer.Ordinal);
        var all = string.Concat(_assets.OrderBy(static a => a.Key, StringComparer.Ordinal).Select(static a => a.Value.ETag));
        Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..12];
    }

    /// <summary>Changes when any asset does; part of their addresses, so that a browser may keep them for good.</summary>
    public string Version { get; }

    public Asset? Find(string name) => _assets.GetValueOrDefault(name);

    private static string ScaleSheet()
    {
        var css = new StringBuilder();
        Measures.WriteSheet(css);
        Palette.WriteSheet(css);
        return css.ToString();
    }

    private static Asset Make(string name, byte[] bytes) =>
        new(bytes, Types[Path.GetExtension(name)], $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");

    internal sealed record Asset(byte[] Bytes, string ContentType, string ETag);
}
