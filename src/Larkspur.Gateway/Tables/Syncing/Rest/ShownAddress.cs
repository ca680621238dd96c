using System.Data.Common;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>What may be shown of a connection's address: where it leads, and nothing by which one comes in.</summary>
internal static class ShownAddress
{
    public static string Of(string kind, string address)
    {
        if (kind == "sqlite") return Path.GetFileName(address);
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0) return $"{uri.Host}{uri.AbsolutePath}";
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = address };
            string?[] shown = [Part(parts, "host", "server"), Part(parts, "database", "db")];
            return string.Join("/", shown.OfType<string>());
        }
        catch (ArgumentException)
        {
            // It is no connection string: nothing of it is surely harmless.
            return "";
        }
    }

    private static string? Part(DbConnectionStringBuilder parts, params string[] names) => names
        .Select(name => parts.TryGetValue(name, out var value) ? value as string : null).FirstOrDefault(value => value is { Length: > 0 });
}
