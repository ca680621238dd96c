using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Attempts;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Page;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.SignIn.Entering;

/// <summary>From the button to the session.</summary>
internal sealed partial class SignInFlow(
    SignInMethods methods, SignInAttempts attempts, SignInPeople people, SignInSessions sessions, AccountLinks links, OwnAddress own,
    Lazy<ISignInErrand[]> errands, IDatabase database, AuditTrail audit, ILogger<SignInFlow> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What a method is given at its beginning.</summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="method">The method.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="again">The person proves it although they are signed in.</param>
    public static SignInStart StartOf(HttpContext http, ISignInMethod method, SignInAttempt attempt, bool again) => new(
        new Uri(attempt.Redirect), attempt.State, attempt.Verifier, attempt.Nonce, SignInPage.Language(http.Request), again,
        method.IsOwnClient(http.Request.Headers.UserAgent.ToString()));

    /// <summary>A method's address to come back to.</summary>
    public Uri RedirectOf(HttpRequest request, ISignInMethod method) => SignInPaths.CallbackOf(own.Of(request), method.Name);

    /// <summary>Begins: gives the attempt to the browser.</summary>
    /// <returns>Where to send it.</returns>
    /// <exception cref="SignInRefusedException">It cannot begin.</exception>
    public async Task<Uri> BeginAsync(HttpContext http, ISignInMethod method, string returnTo, bool again, SignInSession? linkTo,
        CancellationToken cancellation)
    {
        var attempt = attempts.Make(method.Name, RedirectOf(http.Request, method), returnTo, linkTo: linkTo?.Sid) with { Again = again };
        var address = await method.BeginAsync(StartOf(http, method, attempt, again), cancellation);
        attempts.Keep(http, attempt);
        return address;
    }

    /// <summary>A method sent the browser back. Nothing is tried twice: a code is good once.</summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="name">The method's name, as the address has it.</param>
    /// <param name="mayTry">Asked once there is an attempt: what comes without one costs nothing, and takes nobody's tries.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Where the person goes, or what they are asked.</returns>
    /// <exception cref="SignInRefusedException">They do not get in.</exception>
    public async Task<SignInOutcome> FinishAsync(HttpContext http, string name, Func<bool> mayTry, CancellationToken cancellation)
    {
        var query = http.Request.QueryString.Value ?? "";
        var state = http.Request.Query["state"] is [{ } one] ? one : null;
        var attempt = await attempts.TakeAsync(http, name, state, cancellation)
            ?? throw new SignInRefusedException("wrong_state", $"what came back to {name} is of no attempt of this browser");
        if (!mayTry()) throw new SignInRefusedException("too_many", "too many failed from this address")
        {
            Data = { ["return_to"] = attempt.ReturnTo },
        };
        if (methods.Find(name) is not { } method) throw new SignInRefusedException("unknown_method", $"there is no method {name} any more")
        {
            Data = { ["return_to"] = attempt.ReturnTo },
        };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            var back = new SignInReturn(query, attempt.State, new Uri(attempt.Redirect), attempt.Verifier, attempt.Nonce)
            {
                ByFrame = attempt.ByFrame, Again = attempt.Again,
            };
            if (attempt.Errand is { } errand)
                return new SignInOutcome(await RunAsync(http, name, errand, back, limit.Token, cancellation), null);
            var proof = await ProofAsync(method, back, limit.Token, cancellation);
            if (attempt.LinkTo is { } sid) return await links.AskAsync(http, sid, method, proof, attempt.ReturnTo, cancellation);
            var person = await people.OfAsync(proof, cancellation);
            await EnterAsync(http, person, method, proof, cancellation);
            return new SignInOutcome(attempt.ReturnTo, null);
        }
        catch (SignInRefusedException e)
        {
            e.Data["return_to"] = attempt.ReturnTo;
            e.Data["tried"] = true;
            // Whoever says no has not been refused.
            if (e.Word is "denied" or "provider_denied") throw;
            await audit.AddAsync(new Actor("sign-in", AddressOf(http)), "sign_in.refused", null,
                new JsonObject { ["method"] = name, ["why"] = e.Word }, cancellation);
            throw;
        }
    }

    /// <summary>Ends the session of this browser, or all of its person's.</summary>
    public async Task SignOutAsync(HttpContext http, bool everywhere, CancellationToken cancellation)
    {
        if (await sessions.OfRequestAsync(http, cancellation) is { } session)
        {
            var who = Actor.Person(session.Person, AddressOf(http));
            await database.TransactAsync(async unit =>
            {
                if (everywhere) await sessions.SignOutEverywhereAsync(unit, who, session.Person);
                else await sessions.EndAsync(unit, who, [session], "signed_out");
            }, cancellation);
        }

        SignInCookie.Delete(http);
    }

    public static string? AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();

    private async Task<string> RunAsync(HttpContext http, string name, string errand, SignInReturn back, CancellationToken limit,
        CancellationToken cancellation)
    {
        var parts = errand.Split(':', 2);
        var room = errands.Value.FirstOrDefault(e => e.Name == parts[0])
            ?? throw new SignInRefusedException("wrong_state", $"nobody sends people away for {parts[0]}");
        return await AskAsync(name, () => room.FinishAsync(http, parts[1], back, limit), cancellation);
    }

    private Task<SignInProof> ProofAsync(ISignInMethod method, SignInReturn back, CancellationToken limit,
        CancellationToken cancellation) => AskAsync(method.Name, () => method.FinishAsync(back, limit), cancellation);

    /// <summary>What a platform refuses, and that it does not answer, is told in words of the page.</summary>
    private async Task<T> AskAsync<T>(string method, Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask();
        }
        catch (PlatformApiException e)
        {
            Refused(method, e.Message, e);
            throw new SignInRefusedException("failed", $"{method} refused: {e.Message}", e);
        }
        catch (Exception e) when (e is PlatformNetworkException or HttpRequestException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Away(method, e);
            throw new SignInRefusedException("away", $"{method} does not answer: {e.Message}", e);
        }
    }

    private async Task EnterAsync(HttpContext http, KnownPerson person, ISignInMethod method, SignInProof proof,
        CancellationToken cancellation)
    {
        var token = await database.TransactAsync(async unit =>
        {
            await PersonRows.LockAsync(unit);
            // Who they are may have changed since they were looked up, and nobody who was shut out meanwhile gets in.
            if (await PersonRows.FindAsync(unit, person.Id) is not { IsDisabled: false } now)
                throw new SignInRefusedException("left", $"{person.Id} may not work any more");
            var (session, made) = await sessions.BeginAsync(unit, http, now.Id, method.Name);
            await SignInContext.Of(proof).KeepAsync(unit, session.Sid);
            await audit.AddAsync(unit, Actor.Person(now.Id, AddressOf(http)), "sign_in.done", now.Id,
                new JsonObject { ["method"] = method.Name, ["session"] = session.Sid });
            return made;
        }, cancellation);
        if (token is not null) SignInCookie.Write(http, token);
    }

    [LoggerMessage(LogLevel.Warning, "Sign-in by {Method} was refused: {Why}")]
    private partial void Refused(string method, string why, Exception error);
    [LoggerMessage(LogLevel.Warning, "Sign-in by {Method} failed: no answer")]
    private partial void Away(string method, Exception error);
}

/// <summary>What comes of a sign-in.</summary>
/// <param name="ReturnTo">Where the person goes.</param>
/// <param name="Question">What they are asked first: whether an account is theirs too; null: nothing.</param>
internal sealed record SignInOutcome(string ReturnTo, LinkQuestion? Question);
