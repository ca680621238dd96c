using System.Text;

namespace Larkspur.Emulator.Web.SignIn;

/// <summary>The form that asks who signs in, and lets them allow or refuse. What the address says goes along.</summary>
internal sealed class PersonPicker(SignInLook look, HttpRequest request)
{
    private const string Chosen = "as";
    /// <summary>The field for somebody who is not among those shown.</summary>
    private const string Typed = "person";
    private const string Decision = "decision";
    private const string Allow = "allow";
    private const string Deny = "deny";
    private const int MostShown = 100;

    private static readonly string[] Own = [Chosen, Typed, Decision, Deny];

    /// <summary>Who is named in the address; the typed id comes before the list.</summary>
    public static string? Named(IQueryCollection query) =>
        query[Typed].ToString() is { Length: > 0 } typed ? typed : query[Chosen].ToString() is { Length: > 0 } chosen ? chosen : null;

    public static bool Refuses(IQueryCollection query) => query[Decision] == Deny || query.ContainsKey(Deny);

    /// <summary>The button was pressed: whoever is named is not asked again.</summary>
    public static bool Allows(IQueryCollection query) => query[Decision] == Allow;

    /// <param name="people">To choose from.</param>
    /// <param name="first">Of them the one that is chosen already.</param>
    /// <param name="more">What stands between the people and the buttons, encoded.</param>
    /// <param name="without">Members of the address that the form has fields of its own for.</param>
    public string Form(IEnumerable<Person> people, Person? first, string more = "", params string[] without)
    {
        var all = people.ToArray();
        var body = new StringBuilder($"<form method=\"get\" action=\"{SignInLook.Text(request.PathBase + request.Path)}\">");
        foreach (var (name, values) in request.Query.Where(q => !Own.Contains(q.Key) && !without.Contains(q.Key)))
        {
            foreach (var value in values)
                body.Append($"<input type=\"hidden\" name=\"{SignInLook.Text(name)}\" value=\"{SignInLook.Text(value)}\">");
        }

        body.Append($"<fieldset><legend>{look.Say("以谁的身份登录？", "Who is signing in?")}</legend><div class=\"people\">");
        var shown = all.OrderBy(p => p.UserId == first?.UserId ? 0 : 1).Take(MostShown).ToArray();
        foreach (var person in shown) Choice(body, person, isFirst: person == shown[0]);
        body.Append("</div>");
        if (all.Length > MostShown)
        {
            body.Append($"<input type=\"text\" name=\"{Typed}\" maxlength=\"200\" autocomplete=\"off\" placeholder=\"user_id\" ");
            body.Append($"aria-label=\"{look.Say("其他人的 user_id", "user_id of somebody else")}\">");
        }

        body.Append($"</fieldset>{more}");
        body.Append($"<div class=\"choice\"><button name=\"{Decision}\" value=\"{Allow}\">{look.Say("授权", "Allow")}</button>");
        body.Append($"<button class=\"quiet\" name=\"{Decision}\" value=\"{Deny}\">{look.Say("拒绝", "Deny")}</button></div></form>");
        return body.ToString();
    }

    private void Choice(StringBuilder body, Person person, bool isFirst)
    {
        var name = look.NameOf(person);
        var id = SignInLook.Text(SignInLook.ValueOf(person));
        body.Append($"<label data-person=\"{id}\"><input type=\"radio\" name=\"{Chosen}\" value=\"{id}\"{(isFirst ? " checked" : "")}>");
        body.Append($"<b aria-hidden=\"true\">{SignInLook.Text(SignInLook.Initial(name))}</b>");
        body.Append($"<span>{SignInLook.Text(name)}<small>{SignInLook.Text(look.Describe(person))}</small></span></label>");
    }
}
