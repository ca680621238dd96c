namespace Larkspur.Gateway.Audit;

/// <summary>Who does something: in the audit log, in rows' histories, on resolved cards.</summary>
/// <param name="Name"><c>console:anna</c>, <c>key:mica</c>, <c>api</c> (the key of LARKSPUR_API_KEY), <c>system</c>.</param>
/// <param name="Address">Where it was asked from; null: nowhere outside.</param>
public readonly record struct Actor(string Name, string? Address = null)
{
    /// <summary>The gateway itself.</summary>
    public static Actor System { get; } = new("system");

    /// <summary>Whoever edits the database by hand: it does not say who.</summary>
    public static Actor Database { get; } = new("database");

    /// <summary>A person in the console.</summary>
    public static Actor Console(string account, string? address) => new("console:" + account, address);

    /// <summary>A program with an API key.</summary>
    public static Actor Key(string name, string? address) => new("key:" + name, address);

    /// <summary>A person who is signed in with an account of the company.</summary>
    public static Actor Person(string id, string? address = null) => new("person:" + id, address);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
