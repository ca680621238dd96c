using System.Collections.Concurrent;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Gateway.Console.Assets;

/// <summary>Style sheets, scripts and the icon, out of the assembly. Nothing is read before a browser asks; it is then kept compressed.</summary>
internal sealed class ConsoleAssets
{
    private const string Prefix = "console/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".svg"] = "image/svg+xml",
    };

    private readonly Assembly _assembly = typeof(ConsoleAssets).Assembly;
    private readonly ConcurrentDictionary<string, Asset?> _read = new(StringComparer.Ordinal);

    /// <summary>Changes with every build; part of the addresses, so that a browser may keep what lies there for good.</summary>
    public string Version { get; } = Convert.ToHexStringLower(typeof(ConsoleAssets).Module.ModuleVersionId.ToByteArray().AsSpan(0, 6));

    /// <summary>Where a page finds an asset.</summary>
    public string Address(string name) => $"{ConsolePaths.Assets}/{Version}/{name}";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(ConsolePaths.Assets + "/{version}/{**name}",
        (string version, string name, HttpContext http, ConsoleAssets assets) => assets.Answer(version, name, http)).ExcludeFromDescription();

    private IResult Answer(string version, string name, HttpContext http)
    {
        if (name.Length > 100 || Find(name) is not { } asset) return Results.NotFound();
        http.Response.Headers.CacheControl = version == Version ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.Headers.Vary = "Accept-Encoding";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal)) return Results.Stream(Open(name)!, asset.Type, entityTag: asset.Tag);
        http.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(asset.Compressed, asset.Type, entityTag: new EntityTagHeaderValue(asset.Tag.Tag.Value!.TrimEnd('"') + "-gz\""));
    }

    private Asset? Find(string name) => _assembly.GetManifestResourceInfo(Prefix + name) is null ? null : _read.GetOrAdd(name, Read);

    private Asset? Read(string name)
    {
        using var stream = Open(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var plain = bytes.ToArray();
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 8))}\"");
        var type = Types[Path.GetExtension(name)];
        using var small = new MemoryStream();
        using (var zip = new GZipStream(small, CompressionLevel.Optimal, leaveOpen: true)) zip.Write(plain);
        return new Asset(small.ToArray(), type, tag);
    }

    private Stream? Open(string name) => _assembly.GetManifestResourceStream(Prefix + name);

    private sealed record Asset(byte[] Compressed, string Type, EntityTagHeaderValue Tag);
}
