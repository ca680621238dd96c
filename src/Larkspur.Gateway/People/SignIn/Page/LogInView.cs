using System.Text;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Entering;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Sessions;

namespace Larkspur.Gateway.People.SignIn.Page;

/// <summary>What stands on the log-in page.</summary>
/// <param name="language">The reader's.</param>
internal sealed class LogInView(Language language)
{
    private readonly StringBuilder _html = new();

    /// <summary>The page's title.</summary>
    public string TitleOf(LocalText title) => title.In(language);

    public override string ToString() => _html.ToString();

    /// <summary>Why somebody did not get in, and what helps.</summary>
    /// <param name="word">A word of the texts.</param>
    /// <param name="reference">By which administrators find the log line; null: there is nothing to find.</param>
    /// <param name="sentence">What a method says itself; null: the word's sentence.</param>
    public LogInView Problem(string word, string? reference, LocalText? sentence = null)
    {
        var text = sentence ?? SignInTexts.FindProblem(word) ?? SignInTexts.FindProblem("failed")!;
        _html.Append($"<p class=\"alert\" role=\"alert\">{Of(text)}");
        if (reference is not null) _html.Append($"<br><small>{Of(SignInTexts.Reference(reference))}</small>");
        _html.Append("</p>");
        return this;
    }

    public LogInView Note(LocalText text)
    {
        _html.Append($"<p class=\"soft\">{Of(text)}</p>");
        return this;
    }

    public LogInView Good(LocalText text)
    {
        _html.Append($"<p class=\"good\" role=\"status\">{Of(text)}</p>");
        return this;
    }

    /// <summary>A button for each method; the first stands out.</summary>
    public LogInView Methods(IReadOnlyList<ISignInMethod> methods, string? returnTo, bool again)
    {
        if (methods.Count == 0) return Note(SignInTexts.NoMethods);
        _html.Append("<ul class=\"ways\">");
        foreach (var method in methods)
        {
            _html.Append($"<li><form method=\"get\" action=\"{SignInPaths.Root}/{SignInPage.Text(method.Name)}\">");
            if (returnTo is not null) Hidden(SignInPaths.ReturnTo, returnTo);
            if (again) Hidden(SignInPaths.Again, "1");
            _html.Append($"<button class=\"button{(method == methods[0] ? " primary" : "")}\">{Mark(method)}"
                + $"<span>{Of(SignInTexts.With(method.Title))}</span></button></form></li>");
        }

        _html.Append("</ul>");
        return this;
    }

    /// <summary>A QR code of a method, begun and shown when it is asked for: the frame is another site's page.</summary>
    /// <param name="method">The method.</param>
    /// <param name="frame">Where the page's script learns what to show.</param>
    public LogInView Code(ISignInMethod method, string frame)
    {
        _html.Append($"<details class=\"codes\" data-frame=\"{SignInPage.Text(frame)}\"><summary>{Of(SignInTexts.Scan(method.Title))}"
            + "</summary></details>");
        return this;
    }

    /// <summary>Who is signed in, and what they can do about it.</summary>
    public LogInView Person(KnownPerson person, SignInSession session, IReadOnlyList<ISignInMethod> all, IReadOnlyList<ISignInMethod> more)
    {
        var by = all.FirstOrDefault(m => m.Name == session.Method)?.Title ?? LocalText.From(session.Method);
        _html.Append($"<p>{Of(SignInTexts.SignedInAs(person.Name ?? person.Id, by))}</p><div class=\"row\">");
        Post(SignInPaths.SignOut, SignInTexts.SignOut, null, isPrimary: true);
        Post(SignInPaths.SignOut, SignInTexts.SignOutEverywhere, ("everywhere", "1"), isPrimary: false);
        _html.Append($"</div><p><a href=\"{SignInPaths.Authorizations}\">{Of(SignInTexts.Allowed)}</a></p>");
        if (more.Count == 0) return this;
        _html.Append($"<h2>{Of(SignInTexts.MoreAccounts)}</h2><p class=\"soft\">{Of(SignInTexts.MoreAccountsHelp)}</p><ul class=\"ways\">");
        foreach (var method in more)
        {
            _html.Append("<li>");
            Post($"{SignInPaths.Root}/{method.Name}/link", SignInTexts.Connect(method.Title), null, isPrimary: false, Mark(method));
            _html.Append("</li>");
        }

        _html.Append("</ul>");
        return this;
    }

    /// <summary>Is this account theirs too?</summary>
    public LogInView Question(LinkQuestion question)
    {
        _html.Append($"<p>{Of(SignInTexts.LinkQuestion(question.Account, question.Method, question.Person))}</p>");
        if (question.Joins) Note(SignInTexts.LinkJoins);
        _html.Append("<div class=\"row\">");
        Post(SignInPaths.Link, SignInTexts.LinkYes, ("proof", question.Proof), isPrimary: true);
        _html.Append($"<a class=\"button\" href=\"{SignInPaths.Root}\">{Of(SignInTexts.LinkNo)}</a></div>");
        return this;
    }

    private void Post(string action, LocalText label, (string Name, string Value)? field, bool isPrimary, string mark = "")
    {
        _html.Append($"<form method=\"post\" action=\"{SignInPage.Text(action)}\">");
        if (field is var (name, value)) Hidden(name, value);
        _html.Append($"<button class=\"button{(isPrimary ? " primary" : "")}\">{mark}<span>{Of(label)}</span></button></form>");
    }

    private void Hidden(string name, string value) =>
        _html.Append($"<input type=\"hidden\" name=\"{name}\" value=\"{SignInPage.Text(value)}\">");

    private string Mark(ISignInMethod method)
    {
        var title = method.Title.In(language);
        var first = title.Length == 0 ? "" : char.IsSurrogate(title[0]) ? title[..Math.Min(2, title.Length)] : title[..1];
        return $"<b aria-hidden=\"true\" data-mark=\"{SignInPage.Text(method.Mark)}\">{SignInPage.Text(first)}</b>";
    }

    private string Of(LocalText text) => SignInPage.Text(text, language);
}
