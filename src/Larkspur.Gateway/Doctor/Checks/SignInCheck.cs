using System.Buffers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>People can sign in: the address that platforms send them back to is registered. A sign-in is begun at each platform, and its
/// page read; nobody is signed in by it.</summary>
internal sealed class SignInCheck(SignInMethods methods, OwnAddress own) : IDoctorCheck, IDisposable
{
    private const int LargestPage = 512 << 10;
    private const string State = "LarkspurCheckUp0000000000000000A";
    private const string Verifier = "LarkspurCheckUp-0000000000000000000000000000A";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    public string Id => "sign_in";

    public LocalText Title => SignInCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var all = methods.All;
        if (all.Count == 0) return CheckResult.Skipped(SignInCheckTexts.NoMethods);
        if (own.Public is not { } address)
            return CheckResult.Skipped(SignInCheckTexts.NoPublicAddress);
        var states = new List<(ISignInMethod Method, Uri Redirect, bool? IsRegistered)>();
        foreach (var method in all)
        {
            var redirect = SignInPaths.CallbackOf(address, method.Name);
            var start = new SignInStart(redirect, State, Verifier, Verifier, Language.English, false, false);
            if (method.Probe(start) is { } probe) states.Add((method, redirect, await AskAsync(probe, cancellation)));
        }

        if (states.Count == 0) return CheckResult.Skipped(SignInCheckTexts.NothingToAsk);
        var detail = new JsonObject
        {
            ["methods"] = new JsonArray([.. states.Select(s => (JsonNode?)new JsonObject
            {
                ["name"] = s.Method.Name, ["redirect_uri"] = s.Redirect.AbsoluteUri, ["registered"] = s.IsRegistered,
            })]),
        };
        var missing = states.Where(s => s.IsRegistered == false).ToArray();
        if (missing.Length > 0)
        {
            return CheckResult.Failed(SignInCheckTexts.NotRegistered(LocalText.List(missing.Select(m => m.Method.Title))),
                SignInCheckTexts.Register(string.Join(", ", missing.Select(m => m.Redirect.AbsoluteUri))), detail);
        }

        var silent = states.Where(s => s.IsRegistered is null).ToArray();
        return silent.Length > 0
            ? CheckResult.Warning(SignInCheckTexts.NoAnswer(LocalText.List(silent.Select(m => m.Method.Title))), SignInCheckTexts.TryAgain,
                detail)
            : CheckResult.Ok(SignInCheckTexts.Registered(states.Count), detail);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whether the platform takes the address; null: it did not answer.</summary>
    private async Task<bool?> AskAsync(SignInProbe probe, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(probe.Address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if ((int)answer.StatusCode >= 500) return null;
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            var buffer = ArrayPool<byte>.Shared.Rent(LargestPage);
            try
            {
                var read = await body.ReadAtLeastAsync(buffer.AsMemory(0, LargestPage), LargestPage, throwOnEndOfStream: false,
                    cancellation);
                var page = Encoding.UTF8.GetString(buffer, 0, read) + " " + answer.Headers.Location?.OriginalString;
                var isError = (int)answer.StatusCode >= 400;
                // A page that repeats the address has the parameter's name in it; an error has it for a reason.
                return !probe.Refusal.Any(word => page.Contains(word, StringComparison.OrdinalIgnoreCase) && (isError
                    || char.IsDigit(word[0])));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
