using System.Collections.Immutable;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>A tag: people, and departments with all in them.</summary>
internal sealed record WeComTag(int Id, string Name)
{
    public ImmutableSortedSet<string> UserIds { get; init; } = [];
    public ImmutableSortedSet<int> Departments { get; init; } = [];
}

/// <summary>The tags of the corp.</summary>
internal sealed class WeComTags : IResettableState
{
    public const int MostTags = 3000;
    /// <summary>The seeded tag, 审批人 / Approvers: Bob and Carol.</summary>
    public const int Approvers = 1;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, WeComTag> _tags = [];

    public WeComTags() => Reset();

    public IReadOnlyList<WeComTag> All { get { lock (_gate) return [.. _tags.Values]; } }

    public WeComTag? Find(int id) { lock (_gate) return _tags.GetValueOrDefault(id); }

    /// <param name="id"><see langword="null"/>: one above the largest.</param>
    /// <returns><see langword="null"/>: the id is taken, or there are too many.</returns>
    public WeComTag? Add(int? id, string name)
    {
        lock (_gate)
        {
            var tag = new WeComTag(id ?? (_tags.Count == 0 ? 1 : _tags.Keys.Max() + 1), name);
            return _tags.Count < MostTags && _tags.TryAdd(tag.Id, tag) ? tag : null;
        }
    }

    public void Put(WeComTag tag) { lock (_gate) _tags[tag.Id] = tag; }

    public void Remove(int id) { lock (_gate) _tags.Remove(id); }

    /// <summary>Who left the company, and what is no department any more, has no tag.</summary>
    public void Forget(string? userId, int? department)
    {
        lock (_gate)
        {
            foreach (var tag in _tags.Values.ToArray())
            {
                _tags[tag.Id] = tag with { UserIds = userId is null ? tag.UserIds : tag.UserIds.Remove(userId), Departments = department is { } id ? tag.Departments.Remove(id) : tag.Departments };
            }
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _tags.Clear();
            _tags[Approvers] = new WeComTag(Approvers, "审批人") { UserIds = [SeededCompany.Bob, SeededCompany.Carol] };
        }
    }
}
