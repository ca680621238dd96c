using System.Collections.Immutable;
using System.Text;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>The form that asks who signs in, shows what the app would get, and lets them allow or refuse.</summary>
internal sealed class ConsentView(SignInLook look, EmulatorState state, HttpRequest request)
{
    /// <summary>The field for somebody who is not among those shown.</summary>
    public const string Typed = "person";
    private const int MostShown = 100;
    private static readonly string[] Own = ["as", "decision", "deny", Typed];

    public ApiAnswer Page(AuthorizeRequest asked, Person? chosen) =>
        look.Page(Form(asked.App, asked.Scopes ?? [], chosen, asked.RedirectUri.Authority));

    /// <param name="backTo">Where the person goes afterwards; <see langword="null"/>: nowhere.</param>
    public string Form(BotApp app, ImmutableSortedSet<string> scopes, Person? chosen, string? backTo = null)
    {
        var all = state.People.Where(p => p.Status == PersonStatus.Active).ToArray();
        var body = new StringBuilder($"<h1>{look.Say("登录", "Sign in to")} {SignInLook.Text(look.NameOf(app))}</h1>");
        if (backTo is not null) body.Append($"<p>{look.Say("登录后将返回", "Afterwards you return to")} {SignInLook.Text(backTo)}</p>");
        body.Append($"<form method=\"get\" action=\"{SignInLook.Text(request.PathBase + request.Path)}\">");
        foreach (var (name, values) in request.Query.Where(q => !Own.Contains(q.Key)))
        {
            foreach (var value in values)
                body.Append($"<input type=\"hidden\" name=\"{SignInLook.Text(name)}\" value=\"{SignInLook.Text(value)}\">");
        }

        body.Append($"<fieldset><legend>{look.Say("以谁的身份登录？", "Who is signing in?")}</legend><div class=\"people\">");
        var shown = all.OrderBy(p => p.UserId == chosen?.UserId ? 0 : 1).Take(MostShown).ToArray();
        foreach (var person in shown) Choice(body, person, isFirst: person == shown[0]);
        body.Append("</div>");
        if (all.Length > MostShown)
        {
            body.Append($"<input type=\"text\" name=\"{Typed}\" maxlength=\"200\" autocomplete=\"off\" placeholder=\"user_id\" ");
            body.Append($"aria-label=\"{look.Say("其他人的 user_id", "user_id of somebody else")}\">");
        }

        body.Append("</fieldset>");
        if (!scopes.IsEmpty)
        {
            body.Append($"<h2>{look.Say("应用将获得以下权限", "The app will be allowed")}</h2><ul>");
            foreach (var scope in scopes) body.Append($"<li><code>{SignInLook.Text(scope)}</code></li>");
            body.Append("</ul>");
        }

        body.Append($"<div class=\"choice\"><button name=\"decision\" value=\"allow\">{look.Say("授权", "Allow")}</button>");
        body.Append($"<button class=\"quiet\" name=\"decision\" value=\"deny\">{look.Say("拒绝", "Deny")}</button></div></form>");
        return body.ToString();
    }

    private void Choice(StringBuilder body, Person person, bool isFirst)
    {
        var name = look.NameOf(person);
        var value = person.IsGuest ? person.UserId : person.PresentUserId;
        body.Append($"<label><input type=\"radio\" name=\"as\" value=\"{SignInLook.Text(value)}\"{(isFirst ? " checked" : "")}>");
        body.Append($"<b aria-hidden=\"true\">{SignInLook.Text(SignInLook.Initial(name))}</b>");
        body.Append($"<span>{SignInLook.Text(name)}<small>{SignInLook.Text(look.Describe(person))}</small></span></label>");
    }
}
