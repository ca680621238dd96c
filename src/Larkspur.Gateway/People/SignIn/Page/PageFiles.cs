using System.Collections.Frozen;
using System.Reflection;

namespace Larkspur.Gateway.People.SignIn.Page;

/// <summary>Style, mark and scripts of the pages on the way in, out of the assembly. They know nothing of anybody.</summary>
internal sealed class PageFiles
{
    private const string Prefix = "sign-in/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".svg"] = "image/svg+xml",
    };

    private readonly FrozenDictionary<string, byte[]> _files;

    /// <summary>Changes with every build; part of the addresses, so that a browser may keep what lies there for good.</summary>
    private readonly string _version = Convert.ToHexStringLower(typeof(PageFiles).Module.ModuleVersionId.ToByteArray().AsSpan(0, 6));

    public PageFiles()
    {
        var assembly = typeof(PageFiles).Assembly;
        _files = assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(n => n[Prefix.Length..], n => Read(assembly, n), StringComparer.Ordinal);
    }

    /// <summary>Where a file is.</summary>
    public string AddressOf(string name) => $"{SignInPaths.Assets}/{_version}/{name}";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(SignInPaths.Assets + "/{version}/{name}", (string version, string name, HttpContext http, PageFiles files) =>
            files.File(http, version, name)).ExcludeFromDescription();

    private IResult File(HttpContext http, string version, string name)
    {
        if (!_files.TryGetValue(name, out var bytes) || !Types.TryGetValue(Path.GetExtension(name),
            out var type)) return Results.NotFound();
        http.Response.Headers.CacheControl = version == _version ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(bytes, type);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
