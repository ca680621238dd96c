namespace Larkspur.Gateway.People.OpenId;

/// <summary>Scopes of the provider. Others are left out of what is given, and are no error.</summary>
internal static class OpenIdScopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string Phone = "phone";
    public const string Groups = "groups";
    public const string OfflineAccess = "offline_access";

    public static readonly string[] All = [OpenId, Profile, Email, Phone, Groups, OfflineAccess];

    /// <summary>Those that there are, each once, in the order of <see cref="All"/>.</summary>
    public static string[] Known(string? text) => Of(text) is { Length: > 0 } asked ? [.. All.Where(asked.Contains)] : [];

    /// <summary>As they stand, separated by blanks.</summary>
    public static string[] Of(string? text) => text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static string Text(IEnumerable<string> scopes) => string.Join(' ', scopes);
}
