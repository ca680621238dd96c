using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>What may be shown of a connection's address: where it leads, and nothing by which one comes in.</summary>
internal static class ShownAddress
{
    public static string Of(string kind, string address) => kind switch
    {
        "sqlite" => Path.GetFileName(address),
        "postgresql" => PostgresAddress.Place(address),
        // Of an address that nobody here can read nothing is surely harmless.
        _ => "",
    };
}
