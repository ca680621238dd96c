using System.Collections.Immutable;
using System.Text;
using Larkspur.Emulator.Web.SignIn;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>The form that asks who signs in, shows what the app would get, and lets them allow or refuse.</summary>
internal sealed class ConsentView(SignInLook look, EmulatorState state, HttpRequest request)
{
    public ApiAnswer Page(AuthorizeRequest asked, Person? chosen) =>
        look.Page(Form(asked.App, asked.Scopes ?? [], chosen, asked.RedirectUri.Authority));

    /// <param name="backTo">Where the person goes afterwards; <see langword="null"/>: nowhere.</param>
    public string Form(BotApp app, ImmutableSortedSet<string> scopes, Person? chosen, string? backTo = null)
    {
        var body = new StringBuilder($"<h1>{look.Say("登录", "Sign in to")} {SignInLook.Text(look.NameOf(app))}</h1>");
        if (backTo is not null) body.Append($"<p>{look.Say("登录后将返回", "Afterwards you return to")} {SignInLook.Text(backTo)}</p>");
        var people = state.People.Where(p => p.Status == PersonStatus.Active);
        return body.Append(new PersonPicker(look, request).Form(people, chosen, Scopes(scopes))).ToString();
    }

    private string Scopes(ImmutableSortedSet<string> scopes)
    {
        if (scopes.IsEmpty) return "";
        var list = string.Concat(scopes.Select(scope => $"<li><code>{SignInLook.Text(scope)}</code></li>"));
        return $"<h2>{look.Say("应用将获得以下权限", "The app will be allowed")}</h2><ul>{list}</ul>";
    }
}
