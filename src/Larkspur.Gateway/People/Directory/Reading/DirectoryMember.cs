using System.Security.Cryptography;
using System.Text.Json;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.Directory.Reading;

/// <summary>A member of a directory, as the platform tells of them now. What it withholds is absent, which is not the same as
/// empty.</summary>
internal sealed record DirectoryMember
{
    private const int MostFields = 100;
    private const int LongestName = 100;

    /// <summary>The platform's id of them that never changes: Feishu's <c>union_id</c>, WeCom's <c>userid</c> in lower case, DingTalk's
    /// <c>unionid</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Their ids as an account has them, the main one first.</summary>
    public required IReadOnlyList<PlatformIdentity> Ids { get; init; }

    /// <summary>Null: withheld.</summary>
    public MemberStatus? Status { get; init; }

    /// <summary>Their departments, the main one marked; null: withheld.</summary>
    public IReadOnlyList<DirectoryPlace>? Departments { get; init; }

    /// <summary>What is told of them, by the names of <see cref="DirectoryFields"/>; empty text: told to be empty.</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>The platform lets a newcomer have the key of somebody who has left: then it is another person.</summary>
    public bool IsKeyReusable { get; init; }

    /// <summary>With texts as they can be kept; null: it has no id that can be one.</summary>
    public DirectoryMember? Checked()
    {
        if (Key.Length is 0 or > DirectoryDepartment.LongestKey || Key.Any(char.IsControl) || Ids.Count == 0 || !Ids.All(i => i.IsSound))
            return null;
        var told = Fields.Where(f => f.Key.Length <= LongestName && !f.Key.Any(char.IsControl)).Take(MostFields);
        return this with { Fields = told.ToDictionary(f => f.Key, f => ToldText.Clean(f.Value)!, StringComparer.Ordinal) };
    }

    /// <summary>Changes when anything that was told changes.</summary>
    public string Hash()
    {
        var told = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["key"] = Key, ["status"] = Status?.ToString(), ["ids"] = Ids.Select(i => i.ToString()).Order(StringComparer.Ordinal),
            ["departments"] = Departments?.Select(d => $"{d.Department}|{d.IsMain}|{d.Leads}"),
            ["fields"] = new SortedDictionary<string, string>(Fields.ToDictionary(), StringComparer.Ordinal),
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(told)))[..32];
    }

    /// <summary>The key alone: names and numbers are nothing for logs.</summary>
    public override string ToString() => Key;
}

/// <summary>A department that somebody is in.</summary>
/// <param name="Department">Its key.</param>
/// <param name="IsMain">It is their main one.</param>
/// <param name="Leads">They lead it.</param>
internal readonly record struct DirectoryPlace(string Department, bool IsMain, bool Leads);

/// <summary>Whether a member works in the company.</summary>
internal enum MemberStatus
{
    /// <summary>They do.</summary>
    Active,

    /// <summary>They have not yet opened their account.</summary>
    Inactive,

    /// <summary>Their account was stopped: they may come back.</summary>
    Frozen,

    /// <summary>They have left.</summary>
    Left,
}

/// <summary>Names of what directories tell of members. A company's own fields are called <c>custom.</c> and their id.</summary>
internal static class DirectoryFields
{
    public const string Name = "name";
    public const string EnName = "en_name";

    /// <summary>An address that an administrator or the person entered.</summary>
    public const string Email = "email";

    /// <summary>The mailbox that the company gave.</summary>
    public const string WorkEmail = "work_email";

    public const string Mobile = "mobile";
    public const string EmployeeNo = "employee_no";
    public const string JobTitle = "job_title";
    public const string City = "city";

    /// <summary>The day, as yyyy-MM-dd.</summary>
    public const string JoinedOn = "joined_on";

    /// <summary>The leader's id on the platform.</summary>
    public const string Leader = "leader";

    /// <summary>The id that administrators of the platform know; it can be given to somebody else.</summary>
    public const string UserId = "user_id";

    public const string Custom = "custom.";

    /// <summary>Those with names of their own, in the order in which people read them.</summary>
    public static readonly string[] All = [Name, EnName, EmployeeNo, JobTitle, WorkEmail, Email, Mobile, City, JoinedOn, Leader, UserId];
}
