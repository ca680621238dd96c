namespace Larkspur.Gateway.Robots;

/// <summary>What is to be changed of a robot; null: nothing of that. Its text is its type's name: it has secrets in it.</summary>
internal sealed record RobotChange
{
    /// <summary>Of a new one; one that is there stays with its platform.</summary>
    public string? Platform { get; init; }

    /// <summary>Where it is written to from now on.</summary>
    public Uri? Address { get; init; }

    /// <summary>What signs from now on.</summary>
    public string? Secret { get; init; }

    /// <summary>It signs nothing any more.</summary>
    public bool DropSecret { get; init; }

    public string? Description { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>The system that it belongs to from now on; null: as it was, or the caller's.</summary>
    public string? Owner { get; init; }

    /// <summary>One that is there already is left as it is.</summary>
    public bool MustBeNew { get; init; }

    /// <summary>None is added.</summary>
    public bool MustExist { get; init; }

    public override string ToString() => nameof(RobotChange);
}

/// <summary>A robot is not changed.</summary>
/// <param name="word"><c>missing</c>, <c>too_many_robots</c>, <c>name_in_use</c>, <c>not_found</c> (or another system's),
/// <c>system_not_held</c>,
/// <c>platform_stays</c>.</param>
internal sealed class RobotRefusedException(string word) : Exception(word)
{
    public string Word { get; } = word;
}
