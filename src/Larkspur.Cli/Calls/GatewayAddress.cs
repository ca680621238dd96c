namespace Larkspur.Cli.Calls;

/// <summary>Where to reach a gateway whose listening addresses are known.</summary>
internal static class GatewayAddress
{
    /// <summary>The given address, or the first listening one, "every address" read as this machine. Null when it is none.</summary>
    public static Uri? Find(string? given, string? listening)
    {
        var text = given ?? (listening is { Length: > 0 } ? listening.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() : null)
            ?? "http://127.0.0.1:8080";
        foreach (var every in (string[])["//*", "//+", "//0.0.0.0", "//[::]"]) text = text.Replace(every, "//127.0.0.1", StringComparison.Ordinal);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return null;
        return new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
    }
}
