using System.Security.Cryptography;
using System.Text.Json;

namespace Larkspur.Gateway.People.Directory.Reading;

/// <summary>A department, as the platform tells of it now. Null: withheld.</summary>
/// <param name="Key">The platform's id of it that never changes.</param>
/// <param name="Parent">The key of the one above; null: it is at the top, or what is above is not to be seen.</param>
/// <param name="Name">Its name.</param>
internal sealed record DirectoryDepartment(string Key, string? Parent, string? Name)
{
    public string? EnName { get; init; }

    /// <summary>The company's own id of it.</summary>
    public string? CustomId { get; init; }

    /// <summary>Order among its neighbours: sorts as text, smaller first.</summary>
    public string SortKey { get; init; } = "";

    /// <summary>The platform's ids of who leads it.</summary>
    public IReadOnlyList<string>? Leaders { get; init; }

    /// <summary>Changes when anything that was told changes.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        (string?[])[Key, Parent, Name, EnName, CustomId, SortKey, .. Leaders ?? ["\0"]])))[..32];

    /// <summary>No platform's ids are longer.</summary>
    public const int LongestKey = 200;

    /// <summary>With texts as they can be kept.</summary>
    public DirectoryDepartment Checked() => this with
    {
        Name = ToldText.Clean(Name), EnName = ToldText.Clean(EnName), CustomId = ToldText.Clean(CustomId),
    };
}
