namespace Larkspur.Gateway.People.SignIn.Providers.Rows;

/// <summary>What is to be different of an identity provider; null: as it was. Not a record: its text would show the secret.</summary>
internal sealed class ProviderChange
{
    public string? TitleZh { get; init; }

    public string? TitleEn { get; init; }

    public string? Issuer { get; init; }

    public string? ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public string? ClientAuth { get; init; }

    /// <summary>Of a new one, or of one that gets another issuer.</summary>
    public string? Product { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public string? NameClaim { get; init; }

    /// <summary>Empty: groups are not asked for any more.</summary>
    public string? GroupsClaim { get; init; }

    public IReadOnlyList<string>? AllowedTenants { get; init; }

    public bool? AllowGuests { get; init; }

    public bool? CreatePeople { get; init; }

    public bool? Enabled { get; init; }

    public string? Owner { get; init; }

    public override string ToString() => nameof(ProviderChange);
}

/// <summary>An identity provider is not changed.</summary>
/// <param name="word"><c>missing</c>, <c>too_many</c>, <c>name_in_use</c>, <c>system_not_held</c>, or a word of the request's own.</param>
/// <param name="pointer">The field; null: no single one.</param>
/// <param name="sentence">For people; null: the word says it.</param>
internal sealed class ProviderRefusedException(string word, string? pointer = null, string? sentence = null) : Exception(sentence ?? word)
{
    public string Word { get; } = word;

    public string? Pointer { get; } = pointer;

    public string? Sentence { get; } = sentence;
}
