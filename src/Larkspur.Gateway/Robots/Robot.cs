namespace Larkspur.Gateway.Robots;

/// <summary>A group robot: an address by which one group of one platform is written to, and nothing else. Not a record: its text must not
/// show the secrets.</summary>
internal sealed class Robot
{
    private const int LeastToShowOf = 12;
    private const int Shown = 4;

    /// <summary>Its own for ever: another robot of the same name has another one.</summary>
    public required string Id { get; init; }

    /// <summary>Lower-case letters, digits, <c>-</c> and <c>_</c>, at most 40.</summary>
    public required string Name { get; init; }

    /// <summary>The platform whose robot it is.</summary>
    public required string Platform { get; init; }

    /// <summary>Where it is written to; whoever knows it can write. Null: it cannot be decrypted any more.</summary>
    public required Uri? Address { get; init; }

    /// <summary>What is secret in the address; null: it cannot be decrypted, or leads nowhere any more.</summary>
    public required string? Credential { get; init; }

    /// <summary>Signs what is said; null: it signs nothing.</summary>
    public required string? Secret { get; init; }

    /// <summary>It has a secret, whether or not that can be decrypted.</summary>
    public required bool Signs { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>False: what is queued waits, and new messages are refused.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Under which app's name its messages stand: a key that is bound to other apps does not see it.</summary>
    public required string App { get; init; }

    /// <summary>The system that it belongs to; empty: the administrators'.</summary>
    public string Owner { get; init; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    /// <summary>What shares its rate limit: all robots of one address do.</summary>
    public required string Budget { get; init; }

    /// <summary>Its address is right and all that it needs can be decrypted.</summary>
    public bool CanSpeak => Credential is not null && (!Signs || Secret is not null);

    /// <summary>The end of the address, by which people recognise it; empty: it is too short to show a part of it.</summary>
    public string AddressEnd => Credential is { Length: >= LeastToShowOf } credential ? credential[^Shown..] : "";

    public override string ToString() => Name;
}
