using System.Collections.Immutable;
using System.Net;
using Larkspur.Emulator.WeCom.Contacts;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Larkspur.Emulator.WeCom;

/// <summary>The corp as its administrator sees it: who belongs to it, and what was set in the console.</summary>
internal sealed class WeComCorp(EmulatorState state, EmulatorSettings settings, IServer server, WeComTags tags) : IResettableState
{
    public const int Root = 1;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> _trusted = [];
    private ImmutableHashSet<string> _domains = [];
    private volatile WeComDepartments? _departments;

    /// <summary>Where the application's messages and events go; empty for nowhere.</summary>
    public string CallbackUrl { get; set; } = settings.WeCom.CallbackUrl;

    /// <summary>Where the AI bot's callbacks go while no long connection is open; empty for nowhere.</summary>
    public string BotCallbackUrl { get; set; } = settings.WeCom.AiBotCallbackUrl ?? settings.WeCom.CallbackUrl;

    public string BotToken => settings.WeCom.AiBotToken is { Length: > 0 } token ? token : settings.WeCom.Token;

    public string BotAesKey => settings.WeCom.AiBotEncodingAesKey is { Length: > 0 } key ? key : settings.WeCom.EncodingAesKey;

    /// <summary>Where this emulator listens, without a slash behind.</summary>
    public string OwnAddress => server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal).Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).TrimEnd('/') ?? "";

    /// <summary>Whoever works here; guests of the company are no members.</summary>
    public IReadOnlyList<Person> Members => [.. state.People.Where(p => !p.IsResigned && !p.IsGuest)];

    public IReadOnlyList<WeComDepartment> Departments => Numbered.All;

    private WeComDepartments Numbered
    {
        get
        {
            var version = state.DepartmentsVersion;
            if (_departments is { } known && known.Version == version) return known;
            var departments = state.Departments;
            var numbers = departments.ToDictionary(d => d.OpenDepartmentId, d => Number(d.OpenDepartmentId, null), StringComparer.Ordinal);
            return _departments = new WeComDepartments(version,
            [
                new WeComDepartment(Root, 0, "云母科技", "Mica", null, null),
                .. departments.Select(d => new WeComDepartment(numbers[d.OpenDepartmentId],
                    numbers.GetValueOrDefault(d.ParentOpenDepartmentId, Root), d.Name, d.EnName, d.LeaderUserId, d.OpenDepartmentId)),
            ]);
        }
    }

    /// <summary>By userid, whose case does not matter.</summary>
    public Person? Member(string userId) => state.Member(userId, anyCase: true) is { IsResigned: false } member ? member : null;

    /// <summary>Whom the emulator knows by this id, while they work here.</summary>
    public Person? Known(string key) => state.Person(key) is { IsResigned: false, IsGuest: false } member ? member : null;

    /// <summary>Some of the members, for whoever named somebody else.</summary>
    public string SomeNames => string.Join(", ", Members.Take(20).Select(p => p.PresentUserId));

    /// <summary>The userid that is told of somebody.</summary>
    public string Told(string key) => state.Person(key)?.PresentUserId ?? key;

    public WeComDepartment? Find(int id) => Numbered.Find(id);

    public IReadOnlyList<int> DepartmentsOf(Person person) =>
        person.DepartmentIds.Select(d => Numbered.Find(d)?.Id).OfType<int>().Order().ToArray() is { Length: > 0 } found ? found : [Root];

    /// <summary>The first that the person was put into.</summary>
    public int MainDepartmentOf(Person person) =>
        person.DepartmentIds.IsDefaultOrEmpty ? Root : Numbered.Find(person.DepartmentIds[0])?.Id ?? Root;

    /// <summary>The department and all below it; empty when there is none.</summary>
    public IReadOnlySet<int> Branch(int id) => Numbered.Branch(id);

    public IReadOnlyList<Person> MembersOf(int department, bool below) =>
        [.. (below ? Branch(department) : new HashSet<int> { department }).Select(Find).OfType<WeComDepartment>()
            .SelectMany(d => state.MembersOf(d.OpenDepartmentId ?? Department.Root)).DistinctBy(p => p.UserId)];

    /// <summary>Who has a tag: people of its own, and all of its departments.</summary>
    public IReadOnlyList<string> Tagged(int tag) => tags.Find(tag) is { } found
        ? [.. found.UserIds.Union(found.Departments.SelectMany(d => MembersOf(d, below: true)).Select(p => p.UserId))] : [];

    /// <summary>A department's number: the one it has, the one that is asked for, or the next.</summary>
    public int Number(string openDepartmentId, int? asked)
    {
        lock (_gate)
        {
            if (_numbers.TryGetValue(openDepartmentId, out var known)) return known;
            return _numbers[openDepartmentId] = asked ?? Math.Max(Root, _numbers.Values.DefaultIfEmpty(Root).Max()) + 1;
        }
    }

    public void ForgetNumber(string openDepartmentId)
    {
        lock (_gate) _numbers.Remove(openDepartmentId);
    }

    public void Trust(IEnumerable<string> addresses) => _trusted = [.. addresses];

    public bool Trusts(IPAddress? address) => _trusted.IsEmpty || (address is not null && _trusted.Contains((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()));

    /// <summary>Names the hosts that people may be sent back to, each with its port when it has one; none: any.</summary>
    public void TrustDomains(IEnumerable<string> domains) => _domains = [.. domains];

    public bool MaySignIn(Uri address) => _domains.IsEmpty || _domains.Contains(address.Authority);

    public void Reset()
    {
        _trusted = [];
        _domains = [];
        lock (_gate) _numbers.Clear();
        _departments = null;
    }
}
