using System.Collections.Immutable;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>Where an app may send people back to.</summary>
internal static class RedirectList
{
    public const int Most = 300;

    /// <summary>An absolute web address, without a name and password in it.</summary>
    public static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            ? address : null;

    /// <summary>Scheme, host, port and path of one of the list are the same; its query and fragment do not count, nor those of the
    /// address.</summary>
    /// <param name="registered"><see langword="null"/>: anywhere.</param>
    public static bool Allows(ImmutableArray<string>? registered, Uri address) =>
        registered is not { } list || list.Any(r => Address(r) is { } one && Place(one) == Place(address));

    private static string Place(Uri address) => $"{address.Scheme}://{address.IdnHost}:{address.Port}{address.AbsolutePath}";
}
