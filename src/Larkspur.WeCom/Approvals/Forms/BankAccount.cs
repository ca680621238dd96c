namespace Larkspur.WeCom.Approvals;

/// <summary>Where money goes to.</summary>
public sealed record BankAccount
{
    /// <summary>1 of a company, 2 of a person.</summary>
    public int AccountType { get; init; }

    /// <summary>Whose it is.</summary>
    public string AccountName { get; init; } = "";

    /// <summary>Its number. Personal: it is in no text of this type.</summary>
    public string AccountNumber { get; init; } = "";

    /// <summary>Remark.</summary>
    public string? Remark { get; init; }

    /// <summary>The bank.</summary>
    public Bank? Bank { get; init; }

    /// <summary>Without its number and owner.</summary>
    public override string ToString() => $"account at {Bank?.BankAlias ?? "a bank"}";
}

/// <summary>A bank, by the platform's directory.</summary>
public sealed record Bank(
    string? BankAlias, string? BankAliasCode, string? Province, int? ProvinceCode, string? City, int? CityCode, string? BankBranchName, string? BankBranchId);
