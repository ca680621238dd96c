using System.Security.Cryptography;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Attempts;
using Larkspur.Gateway.People.SignIn.Entering;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Page;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.People.SignIn;

/// <summary>The pages below <c>/sign-in</c>.</summary>
internal sealed partial class SignInEndpoints(
    SignInFlow flow, SignInMethods methods, SignInSessions sessions, SignInAttempts attempts, AccountLinks links, IIdentities identities,
    SignInPage page, PageFiles files, OwnAddress own, TimeProvider clock, ILogger<SignInEndpoints> logger)
{
    private const string Script = "sign-in.js";

    /// <summary>Each costs a call of the platform, whose limit is everybody's.</summary>
    private readonly FailedAttempts _failed = new(clock);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(SignInPaths.Root, (HttpContext http, SignInEndpoints on) => on.PageAsync(http)).ExcludeFromDescription();
        routes.MapPost(SignInPaths.SignOut, (HttpContext http, SignInEndpoints on) => on.SignOutAsync(http)).ExcludeFromDescription();
        routes.MapGet(SignInPaths.SignOut, (HttpContext http, SignInEndpoints on) => on.AskSignOutAsync(http)).ExcludeFromDescription();
        routes.MapPost(SignInPaths.Link, (HttpContext http, SignInEndpoints on) => on.LinkAsync(http)).ExcludeFromDescription();
        routes.MapGet(SignInPaths.Root + "/{name}", (string name, HttpContext http, SignInEndpoints on) => on.BeginAsync(http, name))
            .ExcludeFromDescription();
        routes.MapPost(SignInPaths.Root + "/{name}/link", (string name, HttpContext http, SignInEndpoints on) =>
            on.BeginLinkAsync(http, name)).ExcludeFromDescription();
        routes.MapGet(SignInPaths.Root + "/{name}/frame", (string name, HttpContext http, SignInEndpoints on) =>
            on.FrameAsync(http, name)).ExcludeFromDescription();
        routes.MapGet(SignInPaths.Root + "/{name}/callback", (string name, HttpContext http, SignInEndpoints on) =>
            on.CallbackAsync(http, name)).ExcludeFromDescription();
    }

    /// <summary>The page: who is signed in, or the ways in. A single way is gone at once when somebody is on their way somewhere, and in
    /// a platform's own client, which asks nothing.</summary>
    private async Task PageAsync(HttpContext http)
    {
        var returnTo = SignInPaths.Local(http.Request.Query[SignInPaths.ReturnTo]);
        var again = http.Request.Query[SignInPaths.Again] == "1";
        var cancellation = http.RequestAborted;
        if (await sessions.OfRequestAsync(http, cancellation) is { } session && !again)
        {
            if (returnTo is not null) SignInPage.Go(http, returnTo);
            else await ShowPersonAsync(http, session);
            return;
        }

        var all = methods.All;
        var agent = http.Request.Headers.UserAgent.ToString();
        if (all.FirstOrDefault(m => m.IsOwnClient(agent)) is { } client && http.Request.Query[SignInPaths.Choose] != "1")
        {
            if (client.Client(SignInFlow.StartOf(http, client, Attempt(http, client, returnTo), again)) is null)
                await BeginAsync(http, client, returnTo, again, null);
            else await ShowClientAsync(http, client, returnTo, again);
            return;
        }

        if (all is [var only] && returnTo is not null && http.Request.Query[SignInPaths.Choose] != "1") await BeginAsync(http, only,
            returnTo, again, null);
        else await ShowWaysAsync(http, null, null, returnTo, again);
    }

    private async Task BeginAsync(HttpContext http, string name)
    {
        var returnTo = SignInPaths.Local(http.Request.Query[SignInPaths.ReturnTo]);
        var again = http.Request.Query[SignInPaths.Again] == "1";
        if (methods.Find(name) is { } method) await BeginAsync(http, method, returnTo, again, null);
        else await ShowWaysAsync(http, "unknown_method", null, returnTo, again, StatusCodes.Status404NotFound);
    }

    private async Task BeginAsync(HttpContext http, ISignInMethod method, string? returnTo, bool again, SignInSession? linkTo)
    {
        try
        {
            var to = await flow.BeginAsync(http, method, returnTo ?? SignInPaths.Root, again, linkTo, http.RequestAborted);
            SignInPage.Go(http, to.AbsoluteUri);
        }
        catch (SignInRefusedException e)
        {
            await RefusedAsync(http, e, returnTo);
        }
    }

    /// <summary>Another account is to be added: who asks has just proved who they are, and does so from our page.</summary>
    private async Task BeginLinkAsync(HttpContext http, string name)
    {
        if (!SameSite.IsOwn(http.Request, own) || await sessions.OfRequestAsync(http, http.RequestAborted) is not { } session)
        {
            SignInPage.Go(http, SignInPaths.Root);
            return;
        }

        if (!links.IsFresh(session)) SignInPage.Go(http, SignInPaths.To(SignInPaths.Root, again: true));
        else if (methods.Find(name) is { } method) await BeginAsync(http, method, SignInPaths.Root, again: false, session);
        else await ShowWaysAsync(http, "unknown_method", null, null, again: false, StatusCodes.Status404NotFound);
    }

    private async Task CallbackAsync(HttpContext http, string name)
    {
        try
        {
            var outcome = await flow.FinishAsync(http, name, () => !_failed.AreUsedUp(http, out _), http.RequestAborted);
            if (outcome.Question is not { } question)
            {
                SignInPage.Go(http, outcome.ReturnTo);
                return;
            }

            var view = new LogInView(SignInPage.Language(http.Request)).Question(question);
            await page.WriteAsync(http, view.TitleOf(SignInTexts.LinkTitle), view.ToString());
        }
        catch (SignInRefusedException e)
        {
            if (e.Data["tried"] is true) _failed.Add(http);
            await RefusedAsync(http, e, e.Data["return_to"] as string);
        }
    }

    private async Task LinkAsync(HttpContext http)
    {
        try
        {
            if (!SameSite.IsOwn(http.Request, own)) throw new SignInRefusedException("wrong_state", "the form is of another site");
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            await links.LinkAsync(http, form["proof"], http.RequestAborted);
            SignInPage.Go(http, SignInPaths.Root);
        }
        catch (SignInRefusedException e)
        {
            await RefusedAsync(http, e, null);
        }
    }

    private async Task SignOutAsync(HttpContext http)
    {
        if (!SameSite.IsOwn(http.Request, own))
        {
            SignInPage.Go(http, SignInPaths.SignOut);
            return;
        }

        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : null;
        await flow.SignOutAsync(http, form?["everywhere"].ToString() == "1", http.RequestAborted);
        var view = new LogInView(SignInPage.Language(http.Request)).Good(SignInTexts.SignedOut).Methods(methods.All, null, again: false);
        await page.WriteAsync(http, view.TitleOf(SignInTexts.Title), view.ToString(), new PageOptions { FormsLeave = true });
    }

    /// <summary>A link does not sign anybody out: another site could have made it.</summary>
    private async Task AskSignOutAsync(HttpContext http)
    {
        if (await sessions.OfRequestAsync(http, http.RequestAborted) is { } session) await ShowPersonAsync(http, session);
        else SignInPage.Go(http, SignInPaths.Root);
    }

    private async Task ShowPersonAsync(HttpContext http, SignInSession session)
    {
        var view = new LogInView(SignInPage.Language(http.Request));
        var person = await identities.FindAsync(session.Person, http.RequestAborted);
        if (person is null)
        {
            await ShowWaysAsync(http, null, null, null, again: false);
            return;
        }

        var all = methods.All;
        var more = all.Where(m => m.Name != session.Method).ToArray();
        await page.WriteAsync(http, view.TitleOf(SignInTexts.SignedInTitle), view.Person(person, session, all, more).ToString(),
            new PageOptions { FormsLeave = true });
    }

    private async Task ShowWaysAsync(HttpContext http, string? problem, string? reference, string? returnTo, bool again, int status = 200,
        LocalText? sentence = null)
    {
        var view = new LogInView(SignInPage.Language(http.Request));
        var all = methods.All;
        if (problem is not null) view.Problem(problem, reference, sentence);
        else if (again) view.Note(SignInTexts.ProveAgain);
        view.Methods(all, returnTo, again);
        var origins = new List<string>();
        foreach (var method in all)
        {
            if (FrameOf(http, method, returnTo, again) is not var (frame, _)) continue;
            origins.Add(frame.Origin);
            view.Code(method, $"{SignInPaths.Root}/{method.Name}/frame?{SignInPaths.ReturnTo}={Uri.EscapeDataString(returnTo ?? "")}");
        }

        // A button leads by our own address to the platform's.
        var options = new PageOptions { FormsLeave = true };
        if (origins.Count > 0)
        {
            options = options with
            {
                Scripts = [files.AddressOf(Script)], FrameOrigins = [.. origins.Distinct(StringComparer.Ordinal)],
            };
        }

        await page.WriteAsync(http, view.TitleOf(problem is null ? SignInTexts.Title : SignInTexts.NotSignedIn), view.ToString(), options,
            status);
    }

    /// <summary>Inside a platform's own client a script asks it for a code; the buttons are there for who wants another way.</summary>
    private async Task ShowClientAsync(HttpContext http, ISignInMethod method, string? returnTo, bool again)
    {
        var attempt = Attempt(http, method, returnTo);
        var client = method.Client(SignInFlow.StartOf(http, method, attempt, again))!;
        attempts.Keep(http, attempt);
        var view = new LogInView(SignInPage.Language(http.Request));
        view.Note(SignInTexts.AskingClient(method.Title)).Methods(methods.All, returnTo, again);
        await page.WriteAsync(http, view.TitleOf(SignInTexts.Title), view.ToString(), new PageOptions
        {
            FormsLeave = true, Scripts = [files.AddressOf(Script)], ScriptOrigins = [client.Library.GetLeftPart(UriPartial.Authority)],
            Attributes = $" data-library=\"{SignInPage.Text(client.Library.AbsoluteUri)}\" data-call=\"{SignInPage.Text(client.Call)}\" "
                + $"data-app=\"{SignInPage.Text(client.App)}\" data-company=\"{SignInPage.Text(client.Company ?? "")}\" "
                + $"data-callback=\"{SignInPage.Text(new Uri(attempt.Redirect).AbsolutePath)}\" data-state=\"{attempt.State}\"",
        });
    }

    /// <summary>Begins a sign-in in a frame, for the page's script: a page that nobody uses leaves no attempt behind.</summary>
    private async Task FrameAsync(HttpContext http, string name)
    {
        var returnTo = SignInPaths.Local(http.Request.Query[SignInPaths.ReturnTo]);
        if (!SameSite.IsOwn(http.Request, own) || methods.Find(name) is not { } method
            || FrameOf(http, method, returnTo, again: false) is not var (frame, attempt))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        attempts.Keep(http, attempt);
        await http.Response.WriteAsJsonAsync(new FrameView(frame.Address.AbsoluteUri, frame.Origin, frame.Next.AbsoluteUri, frame.Script),
            FrameJson.Default.FrameView, cancellationToken: http.RequestAborted);
    }

    private (SignInFrame Frame, SignInAttempt Attempt)? FrameOf(HttpContext http, ISignInMethod method, string? returnTo, bool again)
    {
        var attempt = Attempt(http, method, returnTo) with { ByFrame = true };
        return method.Frame(SignInFlow.StartOf(http, method, attempt, again)) is { } frame ? (frame, attempt) : null;
    }

    private SignInAttempt Attempt(HttpContext http, ISignInMethod method, string? returnTo) =>
        attempts.Make(method.Name, flow.RedirectOf(http.Request, method), returnTo ?? SignInPaths.Root);

    private Task RefusedAsync(HttpContext http, SignInRefusedException refused, string? returnTo)
    {
        // Shown to the person, and in the log line.
        var reference = RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 8).Insert(4, "-");
        Refused(refused.Word, refused.Message, reference);
        var status = refused.Word switch
        {
            "wrong_state" or "code_gone" => StatusCodes.Status400BadRequest,
            "unknown_method" => StatusCodes.Status404NotFound,
            "too_many" => StatusCodes.Status429TooManyRequests,
            "away" or "provider_away" => StatusCodes.Status503ServiceUnavailable,
            "failed" or "misconfigured" or "provider_wrong" => StatusCodes.Status502BadGateway,
            _ => StatusCodes.Status403Forbidden,
        };
        return ShowWaysAsync(http, refused.Word, refused.Word is "denied" or "provider_denied" ? null : reference, returnTo, again: false,
            status,
            refused.Sentence);
    }

    [LoggerMessage(LogLevel.Warning, "Somebody did not sign in ({Word}): {Why}. Reference {Reference}")]
    private partial void Refused(string word, string why, string reference);
}

/// <summary>What the page's script shows in a frame.</summary>
/// <param name="Address">What the frame shows.</param>
/// <param name="Origin">The only origin whose messages count.</param>
/// <param name="Next">Where the page goes with the frame's word.</param>
/// <param name="Speaks">How the frame speaks.</param>
internal sealed record FrameView(string Address, string Origin, string Next, string Speaks);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[System.Text.Json.Serialization.JsonSerializable(typeof(FrameView))]
internal sealed partial class FrameJson : System.Text.Json.Serialization.JsonSerializerContext;
