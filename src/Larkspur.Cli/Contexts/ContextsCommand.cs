using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Contexts;

/// <summary><c>larkspur contexts</c>: the gateways that one has logged in to.</summary>
internal static class ContextsCommand
{
    public static Command Create() => new("contexts", "Gateways that you logged in to: list, use, show, remove.")
    {
        List(), Use(), Show(), Remove(),
    };

    private static Verb List() => new Verb("list", "All of them; * marks the one in force.", "larkspur contexts list").Does((_, json, _) =>
    {
        var kept = ContextFile.Read();
        var items = kept.All.Select(c => new { name = c.Key, address = c.Value.Url, current = c.Key == kept.Current });
        if (json) JsonOut.Write(new { items, more = false });
        else if (kept.All.Count == 0) Console.Out.WriteLine(Words.Of("None. larkspur login keeps one.", "暂无。运行 larkspur login 即可添加。"));
        else ListView.Write(kept.All.ToList(), new(" ", c => c.Key == kept.Current ? "*" : " "), new("Context", c => c.Key),
            new Column<KeyValuePair<string, Context>>("Address", c => c.Value.Url));
        if (Access.Override is { } hidden && kept.All.Count > 0) Fail.Say(hidden);
        return Task.FromResult(ExitCodes.Done);
    });

    private static Verb Use()
    {
        var name = ContextName.Argument("Which one.");
        return new Verb("use", "Put one in force.", "larkspur contexts use prod") { name }.Does((parsed, json, _) =>
        {
            var wanted = parsed.GetValue(name)!;
            var address = ContextFile.Change(kept =>
            {
                var found = kept.Find(wanted);
                kept.Current = wanted;
                return found.Url;
            });
            if (json) JsonOut.Write(new { name = wanted, address, current = true });
            else Console.Out.WriteLine(Printable.Line($"In force: {wanted}, {address}"));
            if (Access.Override is { } hidden) Fail.Say(hidden);
            return Task.FromResult(ExitCodes.Done);
        });
    }

    private static Verb Show()
    {
        var name = ContextName.Argument("Which one; without it, what is in force here and now.", ArgumentArity.ZeroOrOne);
        var url = GatewayOptions.Url();
        return new Verb("show", "Which gateway is asked, and who says so. The key is not shown.", "larkspur contexts show",
            "larkspur contexts show prod") { name, url }.Does((parsed, json, _) =>
        {
            var access = Access.Find(parsed.GetValue(url), parsed.GetValue(name));
            if (json)
                JsonOut.Write(new { context = access.Context, address = access.Address.ToString(), address_from = access.AddressFrom,
                    key_from = access.KeyFrom });
            else
                DetailView.Print(("context", access.Context ?? "(none)"), ("address", access.Address.ToString()),
                    ("address from", parsed.GetValue(name) is null ? access.AddressFrom : null),
                    ("key from", access.KeyFrom ?? "(none: larkspur login)"), ("file", ContextFile.Place));
            return Task.FromResult(ExitCodes.Done);
        });
    }

    private static Verb Remove()
    {
        var name = ContextName.Argument("Which one.");
        return new Verb("remove", "Forget one and its key. The gateway's key itself stays good: larkspur keys revoke ends it.",
            "larkspur contexts remove prod") { name }.Does((parsed, json, _) =>
        {
            var wanted = parsed.GetValue(name)!;
            var inForce = ContextFile.Change(kept =>
            {
                kept.Find(wanted);
                kept.All.Remove(wanted);
                if (kept.Current == wanted) kept.Current = null;
                return kept.Current;
            });
            if (json) JsonOut.Write(new { name = wanted, removed = true, current = inForce });
            else Console.Out.WriteLine(
                Printable.Line($"Removed: {wanted}. {(inForce is null ? "None is in force: larkspur contexts use NAME." : $"In force: {inForce}")}"));
            return Task.FromResult(ExitCodes.Done);
        });
    }
}
