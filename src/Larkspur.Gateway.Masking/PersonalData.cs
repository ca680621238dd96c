namespace Larkspur.Gateway.Masking;

/// <summary>What is known to be personal wherever it stands. What each looks like, and what is shown of it: docs/masking.md.</summary>
internal enum PersonalData
{
    /// <summary>A mobile number of mainland China, with or without +86.</summary>
    Mobile,

    /// <summary>A resident identity card's number: 18 characters with a check digit, or the 15 digits of before 1999.</summary>
    IdCard,

    /// <summary>A payment card's number: a known prefix, its length, and the check digit of Luhn.</summary>
    BankCard,

    /// <summary>A mail address.</summary>
    Email,
}

/// <summary>The kinds' names in settings, in JSON and in metrics.</summary>
internal static class PersonalDataNames
{
    public static IReadOnlyList<PersonalData> All { get; } = [PersonalData.Mobile, PersonalData.IdCard, PersonalData.BankCard, PersonalData.Email];

    public static string Name(this PersonalData kind) => kind switch
    {
        PersonalData.Mobile => "mobile",
        PersonalData.IdCard => "id_card",
        PersonalData.BankCard => "bank_card",
        PersonalData.Email => "email",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
