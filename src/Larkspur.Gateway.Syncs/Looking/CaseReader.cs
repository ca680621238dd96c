using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Looking;

/// <summary>
/// Reads what is to be looked at from both sides. Rows that are found to be as they were are dropped as soon as one side has said so:
/// what a
/// sync wrote itself comes back as a hint, and costs one look on one side.
/// </summary>
internal sealed class CaseReader(SyncSession session)
{
    private readonly List<RowCase> _cases = [];
    private readonly Dictionary<string, RowCase> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RowCase> _byRecord = new(StringComparer.Ordinal);

    private RowMap Map => session.Map;

    /// <param name="hints">What was heard of.</param>
    /// <param name="rows">Rows to be looked at anyway.</param>
    /// <param name="fresh">Rows of the source that were read just now.</param>
    /// <param name="isFirst">The table was read from end to end and does not have what no row says: nobody needs to look.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<RowCase>> ReadAsync(
        IReadOnlyList<Hint> hints, IReadOnlyList<SyncRow> rows, IReadOnlyList<SideRow> fresh, bool isFirst, CancellationToken cancellation)
    {
        foreach (var row in rows) Add(row);
        var records = hints.Where(hint => hint.Side == SideName.Table).ToLookup(hint => hint.Item, StringComparer.Ordinal);
        var keys = hints.Where(hint => hint.Side == SideName.Source).ToLookup(hint => hint.Item, StringComparer.Ordinal);
        await LoadAsync(records.Select(group => group.Key), keys.Select(group => group.Key).Concat(fresh.Select(row => row.Id)),
            cancellation);
        foreach (var group in keys) CaseOfKey(group.Key).Hints.AddRange(group);
        foreach (var group in records.Where(group => _byRecord.ContainsKey(group.Key))) _byRecord[group.Key].Hints.AddRange(group);
        await LoadQuestionsAsync(cancellation);

        foreach (var row in fresh) (CaseOfKey(row.Id).Source, CaseOfKey(row.Id).SourceIsRead) = (row, true);
        // The source is asked first: it is near. Of what it has as it was nothing more is asked.
        await ReadSourceAsync(_cases.Where(row => !row.SourceIsRead && row.Hints.Count > 0
            && row.Hints.All(hint => hint.Side == SideName.Source)).ToList(), cancellation);
        Drop(row => row.SourceIsRead && row.Source is not null && IsAsKept(row, row.Source));
        await ReadTableAsync(records.Where(group => !_byRecord.ContainsKey(group.Key)).ToList(), cancellation);
        Drop(row => row is { TableIsRead: true, SourceIsRead: false, Table: not null } && IsAsKept(row, row.Table));
        await ReadSourceAsync(_cases.Where(row => !row.SourceIsRead && row.Hindrance is null && row.Row.Key is not null).ToList(),
            cancellation);
        if (!isFirst) await FindInTableAsync(cancellation);
        await LoadQuestionsAsync(cancellation);
        return _cases;
    }

    /// <summary>Hints of rows that need no second look.</summary>
    public List<Hint> Dropped { get; } = [];

    /// <summary>As a side has it the row is just as it was when both were equal, and nothing else is to be done of it.</summary>
    private bool IsAsKept(RowCase row, SideRow has) => row.Row is { State: RowState.Linked, Pending: null, Record: not null }
        && row.Open.Count == 0
        && row.Problems.Count == 0 && has.Unreadable.Count == 0 && Map.HashOf(has.Values) == row.Row.Hash
            && row.Row.Key == Map.KeyOf(has.Values);

    private void Drop(Predicate<RowCase> isDone)
    {
        foreach (var row in _cases.Where(row => isDone(row)).ToList())
        {
            // What one side has as it was may be different on the other: only who was asked about is done.
            if (row.Hints.Select(hint => hint.Side).Distinct().Count() > 1 || row.Hints.Count == 0) continue;
            Dropped.AddRange(row.Hints);
            _cases.Remove(row);
        }
    }

    private async Task LoadAsync(IEnumerable<string> records, IEnumerable<string> keys, CancellationToken cancellation)
    {
        foreach (var row in await session.ReadAsync(sql => RowStore.ByRecordsAsync(sql, session.Dialect, session.Id, records),
            cancellation))
            Add(row);
        foreach (var row in await session.ReadAsync(sql => RowStore.ByKeysAsync(sql, session.Dialect, session.Id, keys),
            cancellation)) Add(row);
    }

    private async Task LoadQuestionsAsync(CancellationToken cancellation)
    {
        var ids = _cases.Where(row => row.Row.Id != 0).ToDictionary(row => row.Row.Id);
        foreach (var row in _cases) row.Open.Clear();
        foreach (var open in await session.ReadAsync(sql => ConflictStore.OpenAsync(sql, session.Dialect, ids.Keys), cancellation))
            ids[open.RowId].Open.Add(open);
        await LoadProblemsAsync(cancellation);
    }

    /// <summary>A row may have had a problem as a record, before its key was known, and another one as a row.</summary>
    private async Task LoadProblemsAsync(CancellationToken cancellation)
    {
        foreach (var row in _cases) row.Problems.Clear();
        await LoadProblemsAsync(SideName.Table, row => row.Row.Record, cancellation);
        await LoadProblemsAsync(SideName.Source, row => row.Row.Key, cancellation);
    }

    private async Task LoadProblemsAsync(SideName side, Func<RowCase, string?> item, CancellationToken cancellation)
    {
        var named = _cases.Where(row => item(row) is not null).ToLookup(row => item(row)!, StringComparer.Ordinal);
        if (named.Count == 0) return;
        var problems = await session.ReadAsync(
            sql => ProblemStore.OfAsync(sql, session.Dialect, session.Id, side, named.Select(group => group.Key)), cancellation);
        foreach (var problem in problems)
            foreach (var row in named[problem.Item]) row.Problems.Add(problem);
    }

    private async Task ReadSourceAsync(List<RowCase> rows, CancellationToken cancellation)
    {
        foreach (var some in rows.Where(row => row.Row.Key is not null).Chunk(session.Source.PageSize))
        {
            var found = await session.Source.ReadAsync([.. some.Select(row => row.Row.Key!)], cancellation);
            var byKey = found.Rows.ToDictionary(row => row.Id, StringComparer.Ordinal);
            foreach (var row in some)
            {
                row.Source = byKey.GetValueOrDefault(row.Row.Key!);
                row.SourceIsRead = true;
                if (row.Source is null && !found.Absent.Contains(row.Row.Key!)) row.Hindrance ??= (Problems.Hidden, null, null);
            }
        }
    }

    private async Task ReadTableAsync(List<IGrouping<string, Hint>> strangers, CancellationToken cancellation)
    {
        var known = _cases.Where(row => row.Row.Record is not null).Select(row => row.Row.Record!);
        foreach (var some in known.Concat(strangers.Select(group => group.Key)).ToList().Chunk(session.Table.PageSize))
        {
            var found = await session.Table.ReadAsync(some, cancellation);
            foreach (var row in found.Rows)
            {
                if (_byRecord.TryGetValue(row.Id, out var its)) (its.Table, its.TableIsRead) = (row, true);
                else if (strangers.Find(group => group.Key == row.Id) is { } hinted) await StrangerAsync(row, hinted, cancellation);
            }

            foreach (var id in some.Where(id => found.Absent.Contains(id) || found.Hidden.Contains(id)))
            {
                if (_byRecord.TryGetValue(id, out var its))
                {
                    its.TableIsRead = true;
                    if (found.Hidden.Contains(id)) its.Hindrance = (Problems.Hidden, null, null);
                }
                else if (strangers.Find(group => group.Key == id) is { } hinted)
                {
                    Dropped.AddRange(hinted);
                }
            }

            // What the side says nothing of is not gone.
            foreach (var id in some.Where(id => !found.Absent.Contains(id) && !found.Hidden.Contains(id)
                && found.Rows.All(row => row.Id != id)))
            {
                if (_byRecord.TryGetValue(id, out var its)) its.Hindrance ??= (Problems.Hidden, null, null);
                else if (strangers.Find(group => group.Key == id) is { } hinted) Dropped.AddRange(hinted);
            }

            foreach (var row in some.Select(id => _byRecord.GetValueOrDefault(id)).OfType<RowCase>()) CheckKey(row);
        }

        foreach (var row in _cases.Where(row => row.Row.Record is null)) row.TableIsRead = true;
    }

    /// <summary>A person changed the key of a row, or took it away: it would be another row.</summary>
    private void CheckKey(RowCase row)
    {
        if (row.Table is not { } table || row.Hindrance is not null) return;
        var key = Map.KeyOf(table.Values);
        if (key == row.Row.Key) return;
        // It was given a key that did not arrive. What the survey found has a hash.
        if (row.Row is { State: RowState.Found, Key: not null, Hash: null }
            && session.Spec.NewKeys == NewKeys.Uuid) row.NewKey = row.Row.Key;
        else row.Hindrance = (Problems.KeyChanged, Map.Keys[0], key);
    }

    /// <summary>A record of the table that no row is known of.</summary>
    private async Task StrangerAsync(SideRow record, IEnumerable<Hint> hints, CancellationToken cancellation)
    {
        var key = Map.KeyOf(record.Values);
        if (key is not null && !_byKey.ContainsKey(key)) await LoadAsync([], [key], cancellation);
        var known = key is null ? null : _byKey.GetValueOrDefault(key);
        if (known is { Row.Record: { } other } && other != record.Id)
        {
            // Two records with one key: the other is the row, unless it is gone and this one has come in its place.
            if (!known.TableIsRead)
            {
                var there = await session.Table.ReadAsync([other], cancellation);
                (known.Table, known.TableIsRead) = (there.Rows is [var found, ..] ? found : null, there.Hidden.Count == 0);
            }

            if (known.Table is not null || !known.TableIsRead)
            {
                AddStranger(record, null, hints, (Problems.KeyTwice, Map.Keys[0], key));
                return;
            }
        }

        if (key is null)
        {
            AddStranger(record, null, hints, (Problems.NoKey, Map.Keys[0], null));
        }
        else if (known is not null)
        {
            _byRecord.Remove(known.Row.Record ?? "");
            known.Row = known.Row with { Record = record.Id };
            (known.Table, known.TableIsRead) = (record, true);
            known.Hints.AddRange(hints);
            _byRecord[record.Id] = known;
        }
        else
        {
            AddStranger(record, key, hints, null);
        }
    }

    private void AddStranger(SideRow record, string? key, IEnumerable<Hint> hints, (string, int?, string?)? hindrance)
    {
        var added = new RowCase(new SyncRow { Record = record.Id, Key = key }) { Table = record, TableIsRead = true };
        if (hindrance is not null && session.Spec.NewKeys == NewKeys.Uuid && Map.Keys.Count == 1) added.NewKey = session.NewKey();
        else added.Hindrance = hindrance;
        added.Hints.AddRange(hints);
        _cases.Add(added);
        _byRecord[record.Id] = added;
        if (key is not null) _byKey[key] = added;
    }

    /// <summary>A row that the table is about to get may be there already: somebody typed it, or its answer was lost.</summary>
    private async Task FindInTableAsync(CancellationToken cancellation)
    {
        // Also of a record that is gone: another one may have come in its place, cut and pasted, or copied before.
        var wanted = _cases.Where(row =>
            row is { Table: null, TableIsRead: true, Row.Key: not null, Source: not null, Hindrance: null }).ToList();
        if (wanted.Count == 0) return;
        var found = await session.Table.FindAsync([.. wanted.Select(row => row.Row.Key!)], cancellation);
        foreach (var group in found.GroupBy(row => Map.KeyOf(row.Values) ?? "", StringComparer.Ordinal))
        {
            if (wanted.FirstOrDefault(row => row.Row.Key == group.Key) is not { } its) continue;
            var first = group.OrderBy(row => row.Id, StringComparer.Ordinal).First();
            // It may be known under another key, which somebody changed to this one.
            var taken = await session.ReadAsync(
                sql => RowStore.ByRecordsAsync(sql, session.Dialect, session.Id, [first.Id]), cancellation);
            if (taken.Count > 0 && taken[0].Id != its.Row.Id)
            {
                its.Hindrance = (Problems.KeyTwice, Map.Keys[0], first.Id);
                continue;
            }

            _byRecord.Remove(its.Row.Record ?? "");
            its.Row = its.Row with { Record = first.Id };
            (its.Table, its.TableIsRead) = (first, true);
            _byRecord[first.Id] = its;
        }
    }

    private RowCase CaseOfKey(string key)
    {
        if (_byKey.TryGetValue(key, out var known)) return known;
        var added = new RowCase(new SyncRow { Key = key });
        _cases.Add(added);
        return _byKey[key] = added;
    }

    private void Add(SyncRow row)
    {
        if ((row.Key is not null && _byKey.ContainsKey(row.Key)) || (row.Record is not null && _byRecord.ContainsKey(row.Record))) return;
        var added = new RowCase(row);
        _cases.Add(added);
        if (row.Key is not null) _byKey[row.Key] = added;
        if (row.Record is not null) _byRecord[row.Record] = added;
    }
}
