using OtpNet;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>Codes of authenticator apps: RFC 6238 with SHA-1, six digits, 30 s.</summary>
internal static class TotpCodes
{
    private const int SecretBytes = 20;
    private const int Digits = 6;
    private const int StepSeconds = 30;
    private const string Issuer = "Larkspur";

    /// <summary>A clock may be wrong by one step either way.</summary>
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    /// <summary>A new secret, in Base32 as apps take it.</summary>
    public static string NewSecret() => Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(SecretBytes));

    /// <summary>The step whose code was entered; null: of none that counts now.</summary>
    public static long? StepOf(string secret, string? entered, DateTimeOffset now)
    {
        var digits = new string([.. (entered ?? "").Where(c => !char.IsWhiteSpace(c))]);
        if (digits.Length != Digits || !digits.All(char.IsAsciiDigit)) return null;
        return Of(secret).VerifyTotp(now.UtcDateTime, digits, out var step, Window) ? step : null;
    }

    /// <summary>The code of a moment.</summary>
    public static string At(string secret, DateTimeOffset at) => Of(secret).ComputeTotp(at.UtcDateTime);

    /// <summary>What the QR code says to an app.</summary>
    public static string Address(string account, string secret) =>
        $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(account)}?secret={secret}&issuer={Issuer}"
        + $"&algorithm=SHA1&digits={Digits}&period={StepSeconds}";

    private static Totp Of(string secret) => new(Base32Encoding.ToBytes(secret), StepSeconds, OtpHashMode.Sha1, Digits);
}
