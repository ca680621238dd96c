using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.People.SignIn.Attempts;

/// <summary>Keeps sign-ins under way in their browsers, and lets each come back once.</summary>
internal sealed class SignInAttempts(IDataProtectionProvider protection, IDatabase database, TimeProvider clock)
{
    /// <summary>Of one browser at a time, in as many tabs; an older one goes.</summary>
    public const int Most = 4;

    private const string Purpose = "sign-in-attempt";
    private const string Prefix = "larkspur-attempt-";
    private const string SecurePrefix = "__Host-larkspur-attempt-";
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int StateLength = 32;
    private const int NameLength = 8;

    // At the first attempt: the key ring is in the database, and making its first key is a write.
    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector(Purpose));

    /// <summary>A new one, not yet in the browser.</summary>
    public SignInAttempt Make(string method, Uri redirect, string returnTo, string? linkTo = null) => new()
    {
        State = RandomNumberGenerator.GetString(Alphabet, StateLength), Method = method, Redirect = redirect.AbsoluteUri,
        Verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
        Nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), ReturnTo = returnTo,
        StartedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(), LinkTo = linkTo,
    };

    /// <summary>Gives attempts to the browser.</summary>
    public void Keep(HttpContext http, params IReadOnlyList<SignInAttempt> attempts)
    {
        var prefix = PrefixFor(http.Request);
        foreach (var old in Cookies(http.Request).Select(name => (Name: name, Attempt: Open(http.Request.Cookies[name])))
            .OrderByDescending(c => c.Attempt?.StartedAt ?? 0).Skip(Math.Max(0, Most - attempts.Count))) Delete(http, old.Name);
        foreach (var attempt in attempts)
        {
            var kept = Base64Url.EncodeToString(_protector.Value.Protect(attempt.ToBytes()));
            var options = Options(http);
            options.MaxAge = SignInAttempt.Life;
            http.Response.Cookies.Append(prefix + attempt.State[..NameLength], kept, options);
        }
    }

    /// <summary>The attempt of this browser that a method's answer is of, used up by this call.</summary>
    /// <param name="http">The request that came back. Its attempt's cookie goes.</param>
    /// <param name="method">The method whose callback it is.</param>
    /// <param name="state">As the answer has it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null: it is none of this browser's, another method's, too old, or has come back before.</returns>
    public async Task<SignInAttempt?> TakeAsync(HttpContext http, string method, string? state, CancellationToken cancellation)
    {
        if (state is not { Length: StateLength } || !state.All(char.IsAsciiLetterOrDigit)) return null;
        var name = PrefixFor(http.Request) + state[..NameLength];
        if (Open(http.Request.Cookies[name]) is not { } attempt) return null;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(attempt.State), Encoding.ASCII.GetBytes(state))) return null;
        if (attempt.Method != method) return null;
        Delete(http, name);
        var now = clock.GetUtcNow();
        var age = now - DateTimeOffset.FromUnixTimeMilliseconds(attempt.StartedAt);
        if (age > SignInAttempt.Life) return null;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(state)));
        var isFirst = await database.TransactAsync(async unit => await unit.ExecuteAsync(
            "INSERT INTO sign_in_used (state, used_at) VALUES ($1, $2) ON CONFLICT (state) DO NOTHING", hash,
            now.ToUnixTimeMilliseconds()) == 1, cancellation);
        return isFirst ? attempt : null;
    }

    /// <summary>Forgets states whose attempts are over.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old) => await old.ExecuteAsync("""
        DELETE FROM sign_in_used WHERE state IN (SELECT state FROM sign_in_used WHERE used_at < $1 ORDER BY used_at LIMIT $2)
        """);

    private SignInAttempt? Open(string? cookie)
    {
        if (cookie is not { Length: > 0 and < 8000 }) return null;
        try
        {
            return SignInAttempt.Read(_protector.Value.Unprotect(Base64Url.DecodeFromChars(cookie)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            // Made up, or of another key ring: none.
            return null;
        }
    }

    private static IEnumerable<string> Cookies(HttpRequest request)
    {
        var prefix = PrefixFor(request);
        return request.Cookies.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static string PrefixFor(HttpRequest request) => SignInCookie.IsSecure(request) ? SecurePrefix : Prefix;

    private static void Delete(HttpContext http, string name) => http.Response.Cookies.Delete(name, Options(http));

    // Lax: the browser comes back from the platform's site. Of the whole host, and of it alone: no other host of the domain can plant one.
    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = SignInCookie.IsSecure(http.Request), Path = "/",
        IsEssential = true,
    };
}
