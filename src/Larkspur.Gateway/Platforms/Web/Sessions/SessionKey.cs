using System.Globalization;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>
/// 128 bits by which a session is known in memory: of its token's hash, or of its name. Both are random, so two never meet; the table has
/// the last word all the same.
/// </summary>
internal static class SessionKey
{
    private const int Digits = 32;

    /// <param name="hash"><see cref="SessionToken.Hash"/>.</param>
    public static UInt128 OfHash(string hash) => Read(hash.AsSpan(0, Digits));

    /// <param name="name">What <see cref="WebSession.IsName"/> says yes to.</param>
    public static UInt128 OfName(string name) => Read(name.AsSpan(WebSession.Prefix.Length, Digits));

    private static UInt128 Read(ReadOnlySpan<char> digits) =>
        UInt128.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
