using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>An application proves by a second factor who signs in to the client: by a code of five minutes and one use, or by the older
/// call without one.</summary>
/// <remarks>The client does not wait for it here. That a bad code is 40029 is UNVERIFIED.</remarks>
internal sealed class SecondFactor(EmulatorState state, WeComCorp corp, WeComIds ids, SignInCodes codes) : IWeComArea, IResettableState
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string UserId, DateTimeOffset Ends)> _codes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _passed = new(StringComparer.Ordinal);

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/auth/get_tfa_info", call =>
        {
            var who = codes.Redeem(call.Need("code"));
            var person = corp.Known(who.UserId) ?? throw Unknown();
            return WeComAnswer.Ok(new JsonObject { ["userid"] = person.PresentUserId, ["tfa_code"] = Issue(person) });
        });
        on.Post("/cgi-bin/user/tfa_succ", call =>
        {
            var person = corp.Member(call.Need("userid")) ?? throw Unknown();
            Take(call.Need("tfa_code"), person);
            return Pass(person);
        });
        on.Get("/cgi-bin/user/authsucc", call => Pass(corp.Member(call.Asked("userid")) ?? throw Unknown()));
    }

    public bool Passed(Person person)
    {
        lock (_gate) return _passed.Contains(person.UserId);
    }

    public void Reset()
    {
        lock (_gate)
        {
            _codes.Clear();
            _passed.Clear();
        }
    }

    private static WeComRefusal Unknown() => new(60111, "invalid userid: it does not exist");

    private ApiAnswer Pass(Person person)
    {
        lock (_gate) _passed.Add(person.UserId);
        return WeComAnswer.Ok();
    }

    private string Issue(Person person)
    {
        var code = ids.Code();
        lock (_gate)
        {
            if (_codes.Count >= Most) _codes.Clear();
            _codes[code] = (person.UserId, state.Clock.GetUtcNow() + Life);
        }

        return code;
    }

    private void Take(string code, Person person)
    {
        lock (_gate)
        {
            if (!_codes.TryGetValue(code, out var known) || known.UserId != person.UserId)
                throw new WeComRefusal(40029, "invalid tfa_code");
            _codes.Remove(code);
            if (known.Ends <= state.Clock.GetUtcNow()) throw new WeComRefusal(40029, "invalid tfa_code");
        }
    }
}
