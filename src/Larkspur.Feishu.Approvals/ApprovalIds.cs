namespace Larkspur.Feishu.Approvals;

/// <summary>Codes and keys that callers give: not empty, not endless, nothing that could leave its place in an address.</summary>
internal static class ApprovalIds
{
    /// <summary>Longest uuid of an instance: approval-v4/instance/create.</summary>
    public const int LongestUuid = 64;

    private const int Longest = 200;

    public static string Code(string? value, string name)
    {
        if (string.IsNullOrEmpty(value)) throw new ArgumentException($"{name} is empty.", name);
        if (value.Length > Longest) throw new ArgumentException($"{name} has {value.Length} characters; none has more than {Longest}.", name);
        return value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':')
            ? value
            : throw new ArgumentException($"{name} \"{value}\" has a character that codes do not have.", name);
    }

    /// <summary>Keys that the caller made himself may hold anything but control characters.</summary>
    public static string Uuid(string? value) => value switch
    {
        null or "" => throw new ArgumentException("The uuid is empty: it is what makes the instance be made once.", nameof(value)),
        { Length: > LongestUuid } => throw new ArgumentException($"The uuid has {value.Length} characters; the platform takes {LongestUuid}.", nameof(value)),
        _ when value.Any(char.IsControl) => throw new ArgumentException("The uuid has control characters in it.", nameof(value)),
        _ => value,
    };
}
