using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;

namespace Federation.Benchmarks.Postgres;

/// <summary>A private PostgreSQL cluster that lives as long as this object, on a free port of the loopback address. As root it runs as user postgres.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const int Interrupt = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("federation-postgres-");
    private readonly int port = FreePort();
    private Process? server;

    private PostgresCluster()
    {
    }

    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false;Command Timeout=600");

    /// <summary>How the other cluster reaches this one.</summary>
    public string ConnectionInfo => string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1 port={port} user=postgres dbname=postgres");

    /// <summary>Makes a cluster and starts it with logical replication switched on; everything else is as it comes.</summary>
    public static async Task<PostgresCluster> StartAsync(string binaries, CancellationToken cancellationToken)
    {
        var cluster = new PostgresCluster();
        try
        {
            await cluster.StartServerAsync(binaries, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            // "Fast" shutdown: a postmaster that is killed outright would leave its children behind.
            if (!server.HasExited)
                _ = Kill(server.Id, Interrupt);
            await server.WaitForExitAsync(CancellationToken.None);
            server.Dispose();
        }

        directory.Delete(recursive: true);
    }

    private async Task StartServerAsync(string binaries, CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", ["postgres:postgres", directory.FullName], cancellationToken);
        var place = Path.Combine(directory.FullName, "cluster");
        await RunAsync(AsPostgres(Path.Combine(binaries, "initdb"), ["-D", place, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale"]), cancellationToken);
        var command = AsPostgres(
            Path.Combine(binaries, "postgres"),
            [
                "-D", place, "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                "-c", "wal_level=logical", "-c", "logging_collector=off", "-c", "log_min_messages=fatal",
            ]);
        server = Process.Start(command)!;
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        await WaitUntilAnsweringAsync(cancellationToken);
    }

    private async Task WaitUntilAnsweringAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var connection = await ConnectAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException) when (!server!.HasExited)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private ProcessStartInfo AsPostgres(string program, string[] arguments)
    {
        string[] line = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]
            : [program, .. arguments];
        return new ProcessStartInfo(line[0], line[1..]) { WorkingDirectory = directory.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
    }

    private static Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken) =>
        RunAsync(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }, cancellationToken);

    private static async Task RunAsync(ProcessStartInfo command, CancellationToken cancellationToken)
    {
        using var process = Process.Start(command)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command.FileName} ended with {process.ExitCode}: {await errors} {await output}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // .NET only sends SIGKILL.
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
