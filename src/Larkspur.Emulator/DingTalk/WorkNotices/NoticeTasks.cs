using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Emulator.DingTalk.WorkNotices;

/// <summary>What became of one send.</summary>
/// <param name="Delivered">userid to message.</param>
/// <param name="Forbidden">userid to code: over a limit, so nothing came, though the send succeeded.</param>
internal sealed record NoticeTask(
    long Id, DateTimeOffset Time, ImmutableSortedDictionary<string, string> Delivered, ImmutableArray<string> Unknown, ImmutableArray<long> UnknownDepartments, ImmutableSortedDictionary<string, string> Forbidden)
{
    /// <summary>Of the kind <c>oa</c>, which alone has a status bar.</summary>
    public bool IsForm { get; init; }

    public bool Recalled { get; init; }
}

/// <summary>Sends of the last seven days, and how often each person was written to. Virtual time; days are China's.</summary>
/// <remarks>That a send to everybody beyond the third has the code of the platform's own protection is UNVERIFIED.</remarks>
internal sealed class NoticeTasks(EmulatorState state) : IResettableState
{
    /// <summary>How long a send is taken back and tells what became of it.</summary>
    public static readonly TimeSpan ResultLife = TimeSpan.FromHours(24);
    /// <summary>How long it tells of its progress and has its status bar changed.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);
    public const int PerPersonAndDay = 500;
    public const int PerMinute = 5000;
    public const int ToAllPerDay = 3;
    public const string SameContent = "143106";
    public const string TooManyADay = "143105";
    public const string TooManyAMinute = "143103";
    public const string TooManyToAll = "1430003";
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, NoticeTask> _tasks = [];
    private readonly Queue<long> _order = [];
    private readonly Dictionary<string, int> _perPerson = [];
    private readonly HashSet<(string UserId, string Content)> _said = [];
    private DateOnly _day;
    private DateTimeOffset _minute;
    private int _inMinute;
    private int _toAll;
    private long _numbers = 456_000;

    /// <summary>Whether a send to everybody is heard today.</summary>
    public bool CountToAll()
    {
        lock (_gate)
        {
            Turn();
            return ++_toAll <= ToAllPerDay;
        }
    }

    /// <returns>The limit that keeps the notice from the person; <see langword="null"/> when it comes.</returns>
    public string? Count(string userId, string content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        lock (_gate)
        {
            Turn();
            if (_said.Contains((userId, hash))) return SameContent;
            if (_perPerson.GetValueOrDefault(userId) >= PerPersonAndDay) return TooManyADay;
            if (_inMinute >= PerMinute) return TooManyAMinute;
            _said.Add((userId, hash));
            _perPerson[userId] = _perPerson.GetValueOrDefault(userId) + 1;
            _inMinute++;
            return null;
        }
    }

    public long NextId() => Interlocked.Increment(ref _numbers);

    public void Add(NoticeTask task)
    {
        lock (_gate)
        {
            _tasks[task.Id] = task;
            _order.Enqueue(task.Id);
            if (_order.Count > Most) _tasks.Remove(_order.Dequeue());
        }
    }

    /// <summary><see langword="null"/> when there was none, or it is older than that.</summary>
    public NoticeTask? Find(long id, TimeSpan within)
    {
        lock (_gate) return _tasks.TryGetValue(id, out var task) && state.Clock.GetUtcNow() < task.Time + within ? task : null;
    }

    public void MarkRecalled(long id)
    {
        lock (_gate)
        {
            if (_tasks.TryGetValue(id, out var task)) _tasks[id] = task with { Recalled = true };
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _tasks.Clear();
            _order.Clear();
            _perPerson.Clear();
            _said.Clear();
            (_inMinute, _toAll) = (0, 0);
        }
    }

    private void Turn()
    {
        var now = state.Clock.GetUtcNow();
        var day = DateOnly.FromDateTime(now.ToOffset(TimeSpan.FromHours(8)).DateTime);
        if (day != _day)
        {
            (_day, _toAll) = (day, 0);
            _perPerson.Clear();
            _said.Clear();
        }

        if (now < _minute + TimeSpan.FromMinutes(1) && now >= _minute) return;
        (_minute, _inMinute) = (now, 0);
    }
}
