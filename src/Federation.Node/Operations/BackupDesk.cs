using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Errors;
using Federation.Protocol.Keys;
using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>
/// Backs the store up: (1) makes sure of the place, (2) copies beside it, (3) binds the two files by their digests, (4) moves everything to
/// its place, the manifests last. What fails leaves nothing.
/// </summary>
internal sealed class BackupDesk(INodeStore store, NodeIdentity identity, EntropySource entropy, TimeProvider time, ILogger<BackupDesk> logger)
{
    // While a copy runs the write-ahead log grows, and receipts for removals wait.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(500);

    private int running;

    /// <summary>Writes a backup, and reports on the way.</summary>
    public async Task RunAsync(CreateBackupRequest request, Func<CreateBackupResponse, Task> report, CancellationToken cancellationToken)
    {
        var files = new BackupFiles(PlaceOf(request.Directory, "directory"), PlaceOf(OrSame(request), "keys_directory"));
        if (Interlocked.Exchange(ref running, 1) != 0)
            throw FederationError.Exception(FederationReason.RateLimited, "a backup is under way");
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // 1.
            Prepare(files);
            // 2. to 4.
            var manifest = await WriteAsync(files, report, either.Token);
            NodeLog.BackedUp(logger, manifest.Backup, manifest.Content.Records, files.DataDirectory, files.KeysDirectory);
            await report(new CreateBackupResponse { Done = Summarize(manifest, files) });
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw FederationError.Exception(FederationReason.BackupFailed, $"the copy took longer than {Longest.TotalMinutes:0} minutes");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StoreFaultException or StoreFullException)
        {
            NodeLog.BackupFailed(logger, failure);
            throw FederationError.Exception(FederationReason.BackupFailed, failure.InnerException?.Message ?? failure.Message);
        }
        finally
        {
            Interlocked.Exchange(ref running, 0);
        }
    }

    private async Task<BackupManifest> WriteAsync(BackupFiles files, Func<CreateBackupResponse, Task> report, CancellationToken cancellationToken)
    {
        try
        {
            var takenAt = time.GetUtcNow();
            var content = await CopyAsync(files, report, cancellationToken);
            var manifest = await Task.Run(() => Bind(files, content, takenAt), cancellationToken);
            foreach (var file in files.All)
                File.Move(BackupFiles.Partial(file), file);
            return manifest;
        }
        catch (Exception)
        {
            foreach (var file in files.All)
                File.Delete(file);
            throw;
        }
        finally
        {
            foreach (var file in files.All)
                File.Delete(BackupFiles.Partial(file));
        }
    }

    private async Task<BackupContent> CopyAsync(BackupFiles files, Func<CreateBackupResponse, Task> report, CancellationToken cancellationToken)
    {
        var (written, total) = (0L, 0L);
        var copy = store.BackUpAsync(
            BackupFiles.Partial(files.Data),
            BackupFiles.Partial(files.Keys),
            (now, all) =>
            {
                Volatile.Write(ref written, now);
                Volatile.Write(ref total, all);
            },
            cancellationToken);
        try
        {
            while (await Task.WhenAny(copy, Task.Delay(ReportEvery, time, cancellationToken)) != copy && !cancellationToken.IsCancellationRequested)
                await report(new CreateBackupResponse { WrittenBytes = (ulong)Volatile.Read(ref written), TotalBytes = (ulong)Volatile.Read(ref total) });
        }
        catch (Exception) when (!copy.IsCompleted)
        {
            // The caller has gone, which ends the copy too: its files are thrown away only after it has let go of them.
            await Task.WhenAny(copy);
            throw;
        }

        return await copy;
    }

    private BackupManifest Bind(BackupFiles files, BackupContent content, DateTimeOffset takenAt)
    {
        var (data, keys) = (BackupFiles.Partial(files.Data), BackupFiles.Partial(files.Keys));
        var id = new byte[16];
        entropy(id);
        var manifest = new BackupManifest
        {
            Backup = Convert.ToHexStringLower(id),
            Institute = identity.Institute.ToString(),
            RootFingerprint = identity.RootFingerprint.ToString(),
            TakenAt = takenAt,
            Content = content,
            DataSizeBytes = new FileInfo(data).Length,
            DataSha256 = BackupReading.Sha256Of(data),
            KeysSizeBytes = new FileInfo(keys).Length,
            KeysSha256 = BackupReading.Sha256Of(keys),
        };
        foreach (var file in new[] { files.DataManifest, files.KeysManifest })
        {
            var partial = BackupFiles.Partial(file);
            SqliteNodeStore.CreatePrivately(partial);
            using var stream = new FileStream(partial, FileMode.Open, FileAccess.Write);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(manifest.ToText()));
            stream.Flush(flushToDisk: true);
        }

        return manifest;
    }

    private static void Prepare(BackupFiles files)
    {
        foreach (var directory in new[] { files.DataDirectory, files.KeysDirectory })
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(directory);
            else
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        if (files.All.FirstOrDefault(File.Exists) is { } existing)
            throw FederationError.Exception(FederationReason.AlreadyExists, $"{existing} exists; a backup overwrites nothing");
        // What a process that died left behind; this is the only backup that runs.
        foreach (var file in files.All)
            File.Delete(BackupFiles.Partial(file));
    }

    private static string OrSame(CreateBackupRequest request) => request.KeysDirectory.Length == 0 ? request.Directory : request.KeysDirectory;

    private static string PlaceOf(string directory, string field) => directory.Length <= 4096 && Path.IsPathFullyQualified(directory)
        ? Path.GetFullPath(directory)
        : throw FederationError.Exception(FederationReason.FieldInvalid, $"{field}: a full path", (field, "a full path on the node's machine"));

    private static BackupSummary Summarize(BackupManifest manifest, BackupFiles files) => new()
    {
        Backup = manifest.Backup,
        TakenAt = Times.Of(manifest.TakenAt.ToUnixTimeMilliseconds()),
        Schema = (uint)manifest.Content.Schema,
        LastChange = (ulong)manifest.Content.LastChange,
        Records = (ulong)manifest.Content.Records,
        Keys = (ulong)manifest.Content.Keys,
        DataFile = files.Data,
        DataBytes = (ulong)manifest.DataSizeBytes,
        KeysFile = files.Keys,
        KeysBytes = (ulong)manifest.KeysSizeBytes,
    };
}
