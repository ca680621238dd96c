namespace Larkspur.Gateway.Console.Accounts;

/// <summary>Somebody who may use the console. The password is not part of it.</summary>
public sealed record Account
{
    /// <summary>What is entered at log-in, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>How the console calls the person.</summary>
    public required string DisplayName { get; init; }

    /// <inheritdoc cref="Accounts.Role"/>
    public required Role Role { get; init; }

    /// <summary><c>zh</c> or <c>en</c>; null: the browser's.</summary>
    public string? Language { get; init; }

    /// <summary><c>light</c> or <c>dark</c>; null: the browser's.</summary>
    public string? Theme { get; init; }

    /// <summary>Until when log-ins are refused after too many wrong passwords.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? LastLogInAt { get; init; }

    /// <summary>When the second factor was set up; null: there is none.</summary>
    public DateTimeOffset? FactorAt { get; init; }

    /// <summary>Until when codes of the second factor are refused after too many wrong ones.</summary>
    public DateTimeOffset? FactorLockedUntil { get; init; }

    /// <summary>Refused at log-in, its sessions ended.</summary>
    public bool Disabled { get; init; }

    /// <summary>Whose it is, by their id; null: nobody said.</summary>
    public string? Person { get; init; }

    /// <summary>It was made when its person signed in with an account of the company, and has no password; a rule gives it its
    /// role.</summary>
    public bool ByRule { get; init; }

    /// <summary>Since when that person may not work; null: they may. One that is not disabled then is the
    /// last administrator's.</summary>
    public DateTimeOffset? PersonLeftAt { get; init; }
}
