namespace Larkspur.Gateway.Console.Accounts;

/// <summary>What somebody may do in the console; each may what the one before may.</summary>
public enum Role
{
    /// <summary>Reads everything but secrets.</summary>
    Auditor,

    /// <summary>Replays, discards and sends.</summary>
    Operator,

    /// <summary>Changes settings and accounts.</summary>
    Admin,
}

/// <summary>Roles as words.</summary>
internal static class Roles
{
    public static string Word(this Role role) => role switch
    {
        Role.Admin => "admin",
        Role.Operator => "operator",
        _ => "auditor",
    };

    /// <summary>The role of a word; a word that this version does not know may the least.</summary>
    public static Role Of(string word) => word switch
    {
        "admin" => Role.Admin,
        "operator" => Role.Operator,
        _ => Role.Auditor,
    };
}
